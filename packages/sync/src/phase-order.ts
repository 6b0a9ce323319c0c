import type { SyncPhase } from './types.ts';

/** Phases in the order they run (reference §2.1); SyncFail runs in place of what is left after a failure. */
export const phaseOrder: readonly SyncPhase[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'];

/** Whether a hook type is a phase of a sync; the deletion hooks and Skip are not. */
export function isSyncPhase(type: string): type is SyncPhase {
  return phaseOrder.some((phase) => phase === type);
}
