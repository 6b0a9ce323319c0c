import type { OperationState } from '@plumbline/apis';
import { decideRetry } from '@plumbline/sync';
import { type Pass, timestamp } from '../pass.ts';
import { attemptId } from './running-operation.ts';

/** The state of an operation that resolves its revisions anew (`retry.refresh`). */
export function unpinned(state: OperationState): OperationState {
  const { revision: _revision, revisions: _revisions, ...sync } = state.operation.sync ?? {};
  return { ...state, operation: { ...state.operation, sync } };
}

/** Milliseconds until the next attempt; after a restart the written times, whole seconds, must do. */
export function restLeft({ runtime }: Pass, state: OperationState, now: number): number {
  const id = attemptId(state);
  if (runtime.rest?.id === id) return Math.max(0, runtime.rest.until - now);
  const finished = Date.parse(state.finishedAt ?? '');
  const retryCount = (state.retryCount ?? 1) - 1;
  const decision = decideRetry(state.operation.retry, { message: '', retryCount, now: finished });
  return decision.again ? Math.max(0, finished + decision.delayMs - now) : 0;
}

/**
 * When the operation of a pass begins. Times are whole seconds, and an operation is known by its start: one that somebody asks for
 * within the second of the one before begins a second later, on paper.
 */
export function startTime({ startedAt, operation, runtime }: Pass): string {
  const { lastStart } = runtime.operations;
  const now = timestamp(startedAt);
  if (!lastStart || now > lastStart || operation?.initiatedBy?.automated) return now;
  return timestamp(new Date(Date.parse(lastStart) + 1_000));
}

/** Somebody took the operation away while it was under way: it does not stay Running for ever. */
export function endAbandoned(pass: Pass, { clock }: { clock(): number }): void {
  const state = pass.operationState;
  if (state?.phase !== 'Running' && state?.phase !== 'Terminating') return;
  const finishedAt = timestamp(new Date(clock()));
  pass.operationState = { ...state, phase: 'Failed', message: 'The operation was taken back', finishedAt };
}
