import { hasBegun } from '../operation/hold.ts';
import { startTime } from '../operation/rest.ts';
import { currentState, isResting } from '../operation/running-operation.ts';
import { type Pass, timestamp } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { finish } from '../steps/finish-operation.ts';
import type { OperateOptions } from '../steps/operate-options.ts';
import { deletionEndsAt, deletionSince, endedByDeletion } from './operation-patience.ts';

/** A deletion that waits for longer says what for, ms. */
const quietMs = 10_000;

/**
 * Whether a deletion waits for the Application's operation (reference §1.6): one that is under way goes on, so that no
 * hook is cut off in the middle of its work. One that has done nothing yet, or rests between two attempts, ends here.
 */
export async function operationFirst(pass: Pass, options: OperateOptions): Promise<boolean> {
  if (!pass.operation) return false;
  const state = currentState(pass.operation, pass.operationState, startTime(pass));
  pass.operationState = state;
  if (hasBegun(state) && !isResting(state)) return true;
  const reason = state.message
    ? `${state.message}; ended, because ${endedByDeletion}`
    : `Not begun: ${endedByDeletion}`;
  finish(pass, { phase: 'Failed', message: reason, final: true }, options);
  await options.persist(pass);
  return false;
}

/** At the end of a pass: what a deletion that waits is waiting for. The next look at it is planned. */
export function deletionWait(pass: Pass, now: number): Pass['findings'] {
  const { operation, operationState: state, later } = pass;
  const since = deletionSince(pass, now);
  if (since === undefined || !operation || !state) return [];
  const ends = deletionEndsAt(pass, state, now);
  if (ends !== undefined && ends > now) later.push({ level: levels.compare, ms: ends - now });
  const toldAt = since + quietMs;
  if (now < toldAt) {
    later.push({ level: levels.compare, ms: toldAt - now });
    return [];
  }
  const ending = ends === undefined ? '' : `. If that lasts until ${timestamp(new Date(ends))}, it is terminated`;
  const waits = `The deletion waits for the operation that runs (${state.message || state.phase})`;
  return [{ type: 'DeletionError', message: `${waits}; terminate it to go on at once${ending}` }];
}
