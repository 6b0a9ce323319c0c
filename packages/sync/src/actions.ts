import type { SyncTask } from './types.ts';

/**
 * What the controller is to do at the cluster. `apply` and `dry-run` honour the task's options (replace, force,
 * validate); `prune` deletes with its propagation policy. `delete-hook` takes the hook finalizer off, then deletes with
 * the uid as precondition; `release-hook` only takes the finalizer off. An object that is already gone is a success.
 */
export type SyncAction =
  | { kind: 'dry-run'; task: SyncTask }
  | { kind: 'apply'; task: SyncTask }
  | { kind: 'prune'; task: SyncTask }
  | { kind: 'delete-hook'; task: SyncTask; uid: string | undefined }
  | { kind: 'release-hook'; task: SyncTask };

/** The last word of a result's message, as kubectl says it. */
export type AppliedVerb = 'created' | 'configured' | 'unchanged' | 'replaced' | 'serverside-applied';

/** What came of an action. */
export interface ActionOutcome {
  action: SyncAction;
  /** The server's own words where it refused; undefined = done. */
  error?: string;
  /** Default `serverside-applied`. */
  verb?: AppliedVerb;
  /** What people should know of a write that went well: added to its message. */
  note?: string;
  /** Of a prune: the Application that has the object from now on; it was not deleted. */
  handedOver?: string;
}
