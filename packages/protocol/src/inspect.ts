import type { ResourceTree } from './resource-tree.ts';

/**
 * What the API server asks an application-controller, as a work item of the queue {@link inspectQueue}. Identifiers only:
 * the answer never crosses the queue, it lies sealed in the store under the key of {@link InspectResult}.
 */
export type InspectRequest =
  | (InspectTarget & { kind: 'tree' })
  | (InspectTarget & { kind: 'managed-resources' })
  | (InspectTarget & {
      kind: 'manifests';
      /** As the user wrote it; absent = the Application's own targetRevision. */
      revision?: string;
      /** Render again instead of taking a cached set. */
      noCache?: boolean;
    });

interface InspectTarget {
  /** Namespace and name of the Application. */
  namespace: string;
  name: string;
}

/**
 * The key in `store.sealed` whose value is the UTF-8 JSON of {@link InspectPayload} for the request's kind. It stays
 * readable for at least a minute after the answer. Errors reach the caller as `PlumblineError`s: RENDER_* and GIT_* for
 * what the source does wrong, `INSPECT_NOT_FOUND` where the controller has no such Application, transient ones for
 * what may work a moment later.
 */
export interface InspectResult {
  key: string;
}

/** What the sealed value holds, by kind. Secret values are masked by the controller before it writes them. */
export interface InspectPayload {
  tree: ResourceTree;
  'managed-resources': { items: ManagedResource[] };
  manifests: ManifestsResponse;
}

/** Name of the work queue between API server and application-controller. */
export const inspectQueue = 'inspect';

/** One field that differs, as plain values. `target` or `live` is absent where that side lacks the field. */
export interface FieldDifference {
  /** JSON pointer into the object, for example `/spec/replicas`. */
  path: string;
  target?: unknown;
  live?: unknown;
  /** Field manager that last wrote the live value, where managedFields tells, and when (RFC 3339). */
  manager?: string;
  time?: string;
}

/** One declared or managed object, both sides of it. The states are JSON texts, '' where that side is missing, as in Argo CD. */
export interface ManagedResource {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  version?: string;
  targetState: string;
  liveState: string;
  /** Deprecated in Argo CD and empty there; kept for its clients. */
  diff: string;
  hook: boolean;
  /** Live state without what the comparison ignores. */
  normalizedLiveState: string;
  /** Live state as it would be after applying the target, normalised alike. */
  predictedLiveState: string;
  resourceVersion: string;
  modified: boolean;
  /** Plumbline's own: which fields differ. */
  differences: FieldDifference[];
}

/** Rendered manifests, each a JSON text. */
export interface ManifestsResponse {
  manifests: string[];
  revision: string;
  namespace: string;
  server: string;
  sourceType: string;
}
