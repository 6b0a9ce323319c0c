import type { HealthStatus } from '@plumbline/health';
import type { GroupKind, KubeObject, ResourceKey } from '@plumbline/manifests';
import type { Metrics } from '@plumbline/telemetry';
import type { ExecOptions, ExecSession, ExecTarget } from './exec.ts';

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

/**
 * What the cache knows of one live object. `object` is whole (with managedFields) for managed objects only, and Secret
 * values in it are keyed digests (see `SecretMask`). Treat as immutable.
 */
export interface LiveNode {
  key: ResourceKey;
  version: string;
  uid: string;
  resourceVersion: string;
  createdAt: string | undefined;
  deletionTimestamp: string | undefined;
  /** The tracking id's application name (`<ns>_<name>` outside the control-plane namespace) where the object refers to itself; else undefined. */
  application: string | undefined;
  /** Present where the object is managed (tracked and without owner), or a hook (marked with its run and without owner). */
  object: KubeObject | undefined;
  /** uids of owners, inferred ones included (reference §6). */
  owners: readonly { uid: string; version: string; key: ResourceKey }[];
  health: HealthStatus | undefined;
  images: readonly string[];
  /** Facts for the tree's `info`, `networkingInfo`. */
  info: readonly { name: string; value: string }[];
  networkingInfo?: NetworkingInfo;
  /** Of a Pod that has a node and has not ended: the node's name and what is requested of it. */
  placed?: { node: string; requests: ComputeResources };
  /** Of a Node. */
  host?: HostFacts;
}

/** CPU in cores, memory in bytes. */
export interface ComputeResources {
  cpu: number;
  memory: number;
}

/** What the tree tells of a Node. */
export interface HostFacts {
  capacity: ComputeResources;
  /** `status.nodeInfo`. */
  systemInfo: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
}

export interface NetworkingInfo {
  labels?: Record<string, string>;
  targetLabels?: Record<string, string>;
  targetRefs?: ResourceKey[];
  ingress?: { ip?: string; hostname?: string }[];
  externalURLs?: string[];
}

/** Names the applications whose managed objects or their descendants changed. */
export interface LiveChange {
  /** Tracking names of the applications concerned; none for CustomResourceDefinitions, which carry no tracking. */
  applications: ReadonlySet<string>;
  /** Whether a managed object itself changed (compare again), or only descendants (tree and health). */
  managed: boolean;
  /** Only objects below managed ones changed: trees move, the state of Applications does not. */
  below: boolean;
  keys: readonly ResourceKey[];
  /** Namespaces in which top-level objects that no application manages have come or gone. */
  loose?: ReadonlySet<string>;
}

export interface LiveStateOptions {
  client: KubeClient;
  /** Only these namespaces are looked at; none given is all of the cluster. */
  namespaces?: readonly string[];
  /** With `namespaces`: whether cluster-scoped kinds are looked at all the same. Default: not. */
  clusterResources?: boolean;
  /** Kinds not to watch; defaults of reference §6. */
  exclude?: (kind: GroupKind) => boolean;
  secretMask: SecretMask;
  /** How an object says which application it belongs to. Undefined = untracked. */
  trackingOf: (object: KubeObject) => string | undefined;
  /** The health of an object, Secrets without their values; default the bundled checks. */
  assess?: (object: KubeObject) => HealthStatus | undefined;
  /**
   * `resource.respectRBAC` (reference §6): kinds that may not be listed are left out. `strict` asks the server once more
   * before it does so. Default: they are failures.
   */
  respectRbac?: 'normal' | 'strict' | undefined;
  /** What came of a change of a managed object of that kind does not matter: nobody is told of it. */
  isIgnoredUpdate?: (before: KubeObject, after: KubeObject) => boolean;
  /** Labels that the tree shows: of every object (`resource.customLabels`) and of nodes (`application.allowedNodeLabels`). */
  shown?: () => { labels: readonly string[]; nodeLabels: readonly string[] };
  /** Every so often, ms, all is compared with fresh lists; default 12 h, 0 is never. */
  auditMs?: number;
  /** How long an event may be under way before its absence is a fault, ms; default 10 s. */
  auditGraceMs?: number;
  metrics?: Metrics | undefined;
  /** What the cluster is called in metrics; default: the URL of its API server as it is reached. */
  metricsName?: string;
}

/** Live objects of one cluster from watches. */
export interface LiveState {
  /** Resolves when every watched kind has been listed once (a kind that fails is left out and named in `failures`). */
  ready(): Promise<void>;
  get(key: ResourceKey): LiveNode | undefined;
  /** Managed top-level objects of an application, by tracking name. */
  managedBy(application: string): readonly LiveNode[];
  /** Descendants (owner references, inferred ones included), depth first, without the roots. */
  descendants(uid: string): readonly LiveNode[];
  /** The Pods that are placed on a node. */
  podsOn(node: string): readonly LiveNode[];
  /**
   * Top-level, unmanaged objects of a namespace; with `exists`, also those that are tracked by Applications that do not
   * exist (any more).
   */
  orphans(namespace: string, exists?: (application: string) => boolean): readonly LiveNode[];
  /** Puts in the answer of a write at once, unless something newer is known. */
  observe(object: KubeObject): LiveNode;
  /** Forgets an object that a delete removed at once. */
  forget(key: ResourceKey, uid: string): void;
  /** A kind that was just created (CRD): watch it now. */
  ensureWatched(kind: { apiVersion: string; kind: string }): Promise<void>;
  /** Reads the kinds again, and asks `assess` anew for each object of theirs. */
  assessAgain(concerns: (kind: GroupKind) => boolean): void;
  /** Kinds whose list or watch fails now, with the error. */
  failures(): ReadonlyMap<string, string>;
  /**
   * Why what is known of the objects of a kind in a namespace may not be relied on: they were never listed, the watch has
   * failed for a while, or they are left out because we may not list them.
   */
  doubt(key: GroupKind & { namespace?: string }): string | undefined;
  /** Compares everything with fresh lists, and reads again what is wrong. Resolves with the kinds that were. */
  audit(): Promise<readonly string[]>;
  onChange(listener: (change: LiveChange) => void): () => void;
  stats(): { kinds: number; objects: number };
  close(): Promise<void>;
}

/** Replaces the values of Secrets (data; stringData folded in first) by keyed digests, so that equal values stay equal. */
export interface SecretMask {
  /** Returns the same object where it is no Secret; masks also the last-applied annotation of Secrets. */
  mask(object: KubeObject): KubeObject;
}
