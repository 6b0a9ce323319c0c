import { annotations } from '@plumbline/apis/constants';
import { isSecret } from './secrets.ts';
import type { KubeObject } from './types.ts';

const first = 8;
const step = 4;

/** What of a Secret is shown as a run of `+`. */
export interface HideOptions {
  /** Annotations besides the last-applied one whose values are hidden (`resource.sensitive.mask.annotations`). */
  annotations?: readonly string[];
}

/**
 * Replaces the digests (or values) of Secrets by runs of `+` (reference §3.4): the first distinct value gets 8, each
 * further one 4 more; equal values get equal runs over all the objects given (target, live, predicted). Other objects
 * stay as they are.
 */
export function hideDigests(
  objects: readonly (KubeObject | undefined)[],
  { annotations: sensitive = [] }: HideOptions = {},
): (KubeObject | undefined)[] {
  const runs = new Map<string, string>();
  const run = (value: string) => {
    const known = runs.get(value) ?? '+'.repeat(first + step * runs.size);
    runs.set(value, known);
    return known;
  };
  const names = [annotations.lastApplied, ...sensitive];
  return objects.map((object) => (object && isSecret(object) ? hideOne(object, names, run) : object));
}

function hideOne(object: KubeObject, names: readonly string[], run: (value: string) => string): KubeObject {
  const data = object['data'] as Record<string, string> | undefined;
  const hidden = data && Object.fromEntries(Object.entries(data).map(([name, value]) => [name, run(String(value))]));
  const shown = object.metadata.annotations ?? {};
  const covered = names.flatMap((name) => (shown[name] === undefined ? [] : [[name, run(shown[name])] as const]));
  const metadata =
    covered.length === 0
      ? object.metadata
      : { ...object.metadata, annotations: { ...shown, ...Object.fromEntries(covered) } };
  return { ...object, metadata, ...(hidden ? { data: hidden } : {}) };
}
