import type { OperationState } from '@plumbline/apis';
import { currently, momentAt } from '../moment.ts';
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
export function deletionEndsAt(pass: Pass, state: OperationState, now: number): number | undefined {
  const { app, runtime } = pass;
  const since = deletionSince(pass, now);
  if (since === undefined) return undefined;
  if (!hookRuns(state)) return Math.max(since, runtime.attempt?.memory.lastWriteAt ?? 0) + idleMs;
  const timeout = deletionTimeout(app);
  return timeout === 0 ? undefined : since + timeout;
}

/** Since when the Application is being deleted, ms since the epoch; undefined where it is not. */
export function deletionSince({ app, runtime, steady }: Pass, now: number): number | undefined {
  const { deletionTimestamp } = app.metadata;
  if (!deletionTimestamp) return undefined;
  const clocks = { now, steady: steady() };
  const known = runtime.deletionAsked;
  const asked = known ? currently(known, clocks) : momentAt(Math.min(Date.parse(deletionTimestamp), now), clocks);
  runtime.deletionAsked = asked;
  return asked.at;
}

function hookRuns({ syncResult }: OperationState): boolean {
  return syncResult?.resources?.some(({ hookType, hookPhase }) => hookType && hookPhase === 'Running') ?? false;
}
