import type { GroupKind, KubeObject } from '@plumbline/manifests';
import type { ExecOptions, ExecSession, ExecTarget } from './containers/exec.ts';

/** How to reach a cluster: a kubeconfig, the pod's service account, or a cluster Secret (reference §10.5). */
export type ClusterAccess =
  | { kind: 'kubeconfig'; path: string; context?: string }
  | { kind: 'in-cluster' }
  | { kind: 'secret'; name: string; server: string; config: Record<string, unknown> };

/** An API resource as discovery tells it. */
export interface ApiResource {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
}

export interface ApplyOptions {
  fieldManager: string;
  force: boolean;
  dryRun?: boolean;
  /** Default `Ignore`: as Argo CD on 1.36, where unknown fields pass. */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  signal?: AbortSignal;
}

export interface DeleteOptions {
  propagationPolicy: 'Foreground' | 'Background' | 'Orphan';
  /** Refuse when the object was replaced meanwhile. */
  uid?: string;
  dryRun?: boolean;
  gracePeriodSeconds?: number;
  signal?: AbortSignal;
}

/** A call that can be given up. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** Options of create, replace and patch. */
export interface WriteOptions extends CallOptions {
  fieldManager?: string;
  dryRun?: boolean;
}

export type PatchType = 'json' | 'merge' | 'strategic';

export interface ListOptions {
  labelSelector?: string;
  fieldSelector?: string;
  /** Page size; default 500. */
  limit?: number;
  signal?: AbortSignal;
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

/** What a watcher still holds of an object: enough to notice on a re-list that it changed or went away. */
export interface KnownObject {
  uid: string;
  resourceVersion: string;
}

/** The objects a watcher holds, by `namespace/name` (namespace '' for cluster-scoped ones). */
export interface KnownObjects {
  get(id: string): KnownObject | undefined;
  entries(): Iterable<[string, KnownObject]>;
}

export interface WatchOptions {
  onEvent(event: WatchEvent): void;
  /** The view is complete: after each list, and when the server answers again after an error. */
  onSynced?(): void;
  /** An attempt failed; another follows after a back-off. */
  onError?(error: unknown): void;
  /** Where the caller keeps the objects anyway; by default the watch remembers identities itself. */
  known?: KnownObjects;
  labelSelector?: string;
  fieldSelector?: string;
  /**
   * Whether silence of this watch alone is to be noticed soon, asked again and again: its streams are short then,
   * and one that does not end as it should is given up.
   */
  attentive?(): boolean;
  signal: AbortSignal;
}

/** Requests sent so far by verb: get, list, watch, create, replace, patch, apply, apply-dry-run, delete, discovery, raw. */
export type RequestCounts = Readonly<Record<string, number>>;

/**
 * Requests to one API server, over one connection pool. Every error is a `PlumblineError` with code `KUBE_NOT_FOUND`,
 * `KUBE_CONFLICT`, `KUBE_ALREADY_EXISTS`, `KUBE_FORBIDDEN`, `KUBE_INVALID`, `KUBE_UNAUTHORIZED`, `KUBE_GONE`,
 * `KUBE_TOO_MANY_REQUESTS` (transient), `KUBE_UNAVAILABLE` (transient; also 5xx and network errors), `KUBE_NO_SUCH_KIND`,
 * `KUBE_ERROR`; its message is the server's own, its details carry `{status, reason, verb, path}`. 429 (Retry-After),
 * 5xx and connection errors of idempotent calls are retried a few times with back-off before they are thrown.
 * Objects are addressed by apiVersion and kind; the path comes from discovery (refreshed on an unknown kind).
 */
export interface KubeClient {
  readonly server: string;
  version(): Promise<{ gitVersion: string; major: string; minor: string }>;
  discovery: Discovery;
  get(ref: ObjectRef, options?: CallOptions): Promise<KubeObject>;
  /** `null` where there is none. */
  find(ref: ObjectRef, options?: CallOptions): Promise<KubeObject | null>;
  list(
    kind: { apiVersion: string; kind: string; namespace?: string },
    options?: ListOptions,
  ): Promise<{ items: KubeObject[]; resourceVersion: string }>;
  /** The identity of every object of a kind by `namespace/name`, from lists of metadata. */
  identities(
    kind: { apiVersion: string; kind: string; namespace?: string },
    options?: CallOptions,
  ): Promise<{ objects: ReadonlyMap<string, KnownObject>; resourceVersion: string }>;
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** PUT. */
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  patch(
    ref: ObjectRef & { subresource?: string },
    patch: unknown,
    options: WriteOptions & { type: PatchType },
  ): Promise<KubeObject>;
  /** The deleted object where the server returns it (finalizers pending), else null. A missing object is `KUBE_NOT_FOUND`. */
  delete(ref: ObjectRef, options: DeleteOptions): Promise<KubeObject | null>;
  /**
   * Lists, then watches, from `onEvent`'s point of view for ever: after EOF, silence and errors it goes on from the
   * last resourceVersion; where that is gone it lists again, with back-off, and turns the list into the missing
   * events (DELETED included, with identity only). Ends when the signal aborts
   * or the client is closed.
   */
  watch(kind: { apiVersion: string; kind: string; namespace?: string }, options: WatchOptions): Promise<void>;
  /** Any other path: `raw('GET', '/version')`. */
  raw(method: string, path: string, body?: unknown, options?: CallOptions): Promise<unknown>;
  /** The lines of a path that answers text, as they come, until its end or until the signal aborts. */
  readLines(path: string, options: { onLine(line: string): void; signal: AbortSignal }): Promise<void>;
  /** Runs a command in a container, with a terminal. Throws what the API server says where it refuses. */
  exec(target: ExecTarget, options: ExecOptions): Promise<ExecSession>;
  requestCounts(): RequestCounts;
  /** The same client acting as another user (`Impersonate-User`), for reads and writes; it is closed with this one. */
  impersonate(user: string): KubeClient;
  close(): Promise<void>;
}

export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

export interface Discovery {
  /** Refreshes when the kind is unknown (at most once a second). `undefined` where the server has no such kind. */
  find(kind: { apiVersion: string; kind: string }): Promise<ApiResource | undefined>;
  /** The preferred version of a group and kind, from what is known now. */
  preferred(kind: GroupKind): ApiResource | undefined;
  /** Preferred versions of everything that can be listed and watched. */
  all(): readonly ApiResource[];
  /** `group/version` and `group/version/Kind` strings, as Helm's Capabilities.APIVersions wants them. Sorted. */
  apiVersions(): readonly string[];
  /** `group/version` of aggregated APIs whose own server does not answer. */
  unanswered(): readonly string[];
  refresh(): Promise<void>;
}
