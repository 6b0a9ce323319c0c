import type { OperationState } from '@plumbline/apis';
import type { Pass } from '../pass.ts';
import { deletionTimeout } from './deletion-deadline.ts';

/** An operation that has no hook running and has written nothing for this time is not worth waiting for, ms. */
const idleMs = 30_000;

/** Why a deletion ends an operation: its last messages. */
export const endedByDeletion = 'the Application is being deleted';

/**
 * When the deletion ends an operation that is under way, ms since the epoch: soon where it only waits for health, while a
 * hook has the time that the Application gives its deletion. Undefined: never.
 */
export function deletionEndsAt({ app, runtime }: Pass, state: OperationState, now: number): number | undefined {
  const { deletionTimestamp } = app.metadata;
  if (!deletionTimestamp) return undefined;
  const since = Math.min(Date.parse(deletionTimestamp), now);
  if (!hookRuns(state)) return Math.max(since, runtime.attempt?.memory.lastWriteAt ?? 0) + idleMs;
  const timeout = deletionTimeout(app);
  return timeout === 0 ? undefined : since + timeout;
}

function hookRuns({ syncResult }: OperationState): boolean {
  return syncResult?.resources?.some(({ hookType, hookPhase }) => hookType && hookPhase === 'Running') ?? false;
}
