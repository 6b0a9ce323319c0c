import type { HealthStatus } from '@plumbline/health';
import type { GroupKind, KubeObject, ResourceKey } from '@plumbline/manifests';
import type { Metrics } from '@plumbline/telemetry';
import type { KubeClient } from '../types.ts';

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
  /** Names of Namespaces that have come, changed or gone themselves, whoever manages them. */
  namespaces?: ReadonlySet<string>;
  /** The objects are no longer those of the applications: others have taken them over. */
  takenOver?: boolean;
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
