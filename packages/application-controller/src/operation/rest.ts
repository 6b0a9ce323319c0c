import type { OperationState } from '@plumbline/apis';
import { decideRetry } from '@plumbline/sync';
import { currently, momentAt } from '../moment.ts';
import { type Pass, timestamp } from '../pass.ts';
import { attemptId } from './running-operation.ts';

/** No row of operations is so dense that the last of them begins so far ahead of the clock, ms. */
const setBackMs = 60_000;

/** The state of an operation that resolves its revisions anew (`retry.refresh`). */
export function unpinned(state: OperationState): OperationState {
  const { revision: _revision, revisions: _revisions, ...sync } = state.operation.sync ?? {};
  return { ...state, operation: { ...state.operation, sync } };
}

/**
 * Milliseconds until the next attempt, never more than the pause itself, whatever has become of the clock; after a restart
 * the written times, whole seconds, must do.
 */
export function restLeft({ runtime, steady }: Pass, state: OperationState, now: number): number {
  const id = attemptId(state);
  const finished = Date.parse(state.finishedAt ?? '');
  const retryCount = (state.retryCount ?? 1) - 1;
  const decision = decideRetry(state.operation.retry, { message: '', retryCount, now: finished });
  const pause = decision.again ? decision.delayMs : 0;
  const clocks = { now, steady: steady() };
  const known = runtime.rest?.id === id ? currently(runtime.rest.until, clocks) : momentAt(finished + pause, clocks);
  const at = Math.min(known.at, now + pause);
  runtime.rest = { id, until: { ...known, at } };
  return Math.max(0, at - now);
}

/**
 * When the operation of a pass begins. Times are whole seconds, and an operation is known by its start: one that somebody asks for
 * within the second of the one before begins a second later, on paper; but not where the clock has been set back since.
 */
export function startTime({ startedAt, operation, runtime }: Pass): string {
  const { lastStart } = runtime.operations;
  const now = timestamp(startedAt);
  if (!lastStart || now > lastStart || operation?.initiatedBy?.automated) return now;
  const next = Date.parse(lastStart) + 1_000;
  return next - startedAt.getTime() > setBackMs ? now : timestamp(new Date(next));
}

/** Somebody took the operation away while it was under way: it does not stay Running for ever. */
export function endAbandoned(pass: Pass, { clock }: { clock(): number }): void {
  const state = pass.operationState;
  if (state?.phase !== 'Running' && state?.phase !== 'Terminating') return;
  const finishedAt = timestamp(new Date(clock()));
  pass.operationState = { ...state, phase: 'Failed', message: 'The operation was taken back', finishedAt };
}
