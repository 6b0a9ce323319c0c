import type { OperationPhase, ResourceResult, SyncPhase } from './types.ts';

/**
 * How far an operation is. `phase`, `message` and `results` live in `status.operationState` (results as
 * `syncResult.resources`) and are enough to go on after a restart; `memory` lives in the process only.
 */
export interface SyncProgress {
  phase: 'Running' | 'Terminating';
  message: string;
  results: readonly ResourceResult[];
  memory: SyncMemory;
}

/** What may be forgotten: a restart then repeats a dry run or a deletion, or shortens one pause between waves. */
export interface SyncMemory {
  /** When something was last written, epoch ms: the pause between waves counts from here. */
  lastWriteAt?: number;
  /** Phases whose dry run has been asked for. */
  rehearsed: readonly SyncPhase[];
  /** uids of hook objects whose deletion has been asked for. */
  dismissed: readonly string[];
  /** uids of hook objects whose release from the hook finalizer has been asked for. */
  released: readonly string[];
}

/** The progress of an operation that begins, or goes on from what the custom resource holds. */
export function resumeProgress(
  state: { phase?: OperationPhase; message?: string; results?: readonly ResourceResult[] } = {},
): SyncProgress {
  return {
    phase: state.phase === 'Terminating' ? 'Terminating' : 'Running',
    message: state.message ?? '',
    results: state.results ?? [],
    memory: { rehearsed: [], dismissed: [], released: [] },
  };
}
