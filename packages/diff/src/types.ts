import type { JsonValue, KubeObject } from '@plumbline/manifests';

/** One field that is not as the target wants it. */
export interface FieldDifference {
  /** JSON pointer (RFC 6901) into the live object, list entries by index or, where they are not live, by `[name=x]`. */
  path: string;
  /** What the target wants; undefined = the field is to go. */
  target: JsonValue | undefined;
  /** What is live; undefined = the field is missing. */
  live: JsonValue | undefined;
  /** Who last wrote the live field, where managedFields tell it. */
  manager?: string;
  /** When, RFC 3339. */
  time?: string;
}

/** An `ignoreDifferences` rule that matches the object at hand. */
export interface IgnoreRule {
  jsonPointers: readonly string[];
  jqPathExpressions: readonly string[];
  managedFieldsManagers: readonly string[];
}

/** The verdict over one (target, live) pair. */
export interface ResourceComparison {
  /** True when the live object is not as the target wants it, or one side is missing. */
  outOfSync: boolean;
  /** Empty when in sync or when one side is missing. */
  differences: readonly FieldDifference[];
  /** The live object as it would be after the apply, where the server was asked. */
  predicted: KubeObject | undefined;
  /** The same target has been live before: what differs now is somebody's doing, and no change of the source. */
  settled?: boolean;
}
