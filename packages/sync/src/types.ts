import type { HealthStatus } from '@plumbline/health';
import type { KubeObject, ResourceKey } from '@plumbline/manifests';

export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';
export type HookType = SyncPhase | 'Skip' | 'PreDelete' | 'PostDelete';
export type HookDeletePolicy = 'HookSucceeded' | 'HookFailed' | 'BeforeHookCreation';
export type OperationPhase = 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';
export type ResultCode = 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';

/** One live object as the plan sees it. */
export interface LiveObject {
  object: KubeObject;
  health: HealthStatus | undefined;
}

/** A (target, live) pair, compared. Either side may be missing, not both. */
export interface SyncPair {
  key: ResourceKey;
  target: KubeObject | undefined;
  live: LiveObject | undefined;
  /** From the comparison: differs, or one side is missing. */
  outOfSync: boolean;
  /** Differs, but only where the comparison was told to ignore it: written, yet nothing to ApplyOutOfSyncOnly. */
  hiddenDrift?: boolean;
}

/** What to do, as the operation and the Application's policy say it. */
export interface SyncRequest {
  revision: string;
  /** RFC 3339, seconds: part of the names of generated hooks. */
  startedAt: string;
  /** Tells attempts with one start apart; default 0. Hooks are marked with it. */
  run?: number;
  prune: boolean;
  dryRun: boolean;
  strategy: 'hook' | 'apply';
  force: boolean;
  /** Chosen resources; undefined = all. */
  resources: readonly { group?: string; kind: string; name: string; namespace?: string }[] | undefined;
  syncOptions: readonly string[];
  /** The destination namespace; may be ''. */
  namespace: string;
  /** Whether the destination namespace exists now. */
  namespaceExists: boolean;
  managedNamespaceMetadata?: { labels?: Record<string, string>; annotations?: Record<string, string> } | undefined;
  /** Leave out the dry run before the first write of a phase; its errors then show in the middle of the sync. */
  skipDryRun?: boolean;
  /** Pause after a wave that wrote something, before the next; default 2000 ms (reference §2.2). */
  waveDelayMs?: number;
}

export type TaskAction = 'apply' | 'prune';

export interface SyncTask {
  key: ResourceKey;
  version: string;
  phase: SyncPhase;
  wave: number;
  action: TaskAction;
  /** The hook type this task stands for; undefined for an ordinary resource. */
  hook: HookType | undefined;
  /** When a hook object is deleted; empty for an ordinary resource. */
  deletePolicies: readonly HookDeletePolicy[];
  target: KubeObject | undefined;
  live: LiveObject | undefined;
  outOfSync: boolean;
  /** As the pair has it. */
  hiddenDrift?: boolean;
  options: TaskOptions;
  /** Whether the server can judge the object before anything is applied: its kind and namespace are there. */
  dryRunnable: boolean;
  /** The engine's own Namespace task (CreateNamespace=true): nothing in Git stands behind it. */
  automatic: boolean;
  /** Why it stands where it stands: one sentence for people. */
  reason: string;
}

/** Options of reference §1.7 as they hold for one task (application's and resource's united). */
export interface TaskOptions {
  validate: boolean;
  prune: 'allowed' | 'disabled' | 'confirm';
  pruneLast: boolean;
  replace: boolean;
  force: boolean;
  /** `ServerSideApply=false`: as kubectl does, by a patch that the client computes. Server-side apply is the default. */
  clientSideApply: boolean;
  skipDryRunOnMissingResource: boolean;
  propagationPolicy: 'Foreground' | 'Background' | 'Orphan';
}

/** Phases in order, each with its waves in order, each with its tasks in order. A pure value. */
export interface SyncPlan {
  phases: readonly { phase: SyncPhase; waves: readonly { wave: number; tasks: readonly SyncTask[] }[] }[];
  /** Tasks that can never be applied, with the reason (unknown kind, not permitted). */
  invalid: readonly { task: SyncTask; message: string }[];
}

/** The entry of `operationState.syncResult.resources` (reference §1.5). */
export interface ResourceResult {
  group: string;
  version: string;
  kind: string;
  namespace: string;
  name: string;
  status?: ResultCode;
  message?: string;
  hookType?: HookType;
  hookPhase?: OperationPhase;
  syncPhase?: SyncPhase;
  images?: string[];
}
