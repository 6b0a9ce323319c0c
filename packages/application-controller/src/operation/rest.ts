import type { OperationState } from '@plumbline/apis';
import { decideRetry } from '@plumbline/sync';
import type { Pass } from '../pass.ts';
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
