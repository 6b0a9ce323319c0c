import type { OperationState } from '@plumbline/apis';
import { errorMessage, hasCode, retryClass } from '@plumbline/errors';
import { interrupt, isSupersedable, supersedeCheckMs, supersededBy } from '../operation/interrupt.ts';
import { prepareAttempt, sourceFields } from '../operation/prepare-attempt.ts';
import { sharedResource } from '../operation/refuse-shared.ts';
import { endAbandoned, restLeft, startTime, unpinned } from '../operation/rest.ts';
import { type Attempt, attemptId, currentState, isResting } from '../operation/running-operation.ts';
import { syncsComparedTarget } from '../operation/sync-request.ts';
import type { Pass, Step } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { drive } from './drive-operation.ts';
import { finish } from './finish-operation.ts';
import type { OperateOptions } from './operate-options.ts';

/** The message of an operation that does not say what to do: only a sync is an operation. */
const nothingToDo = 'Invalid operation request: no operation specified';

/**
 * Carries the operation on as far as it goes without waiting: begins it, resumes it after a restart, retries it. What
 * it waits for wakes the Application again through the live state.
 */
export function operate(options: OperateOptions): Step {
  return async (pass) => {
    const { operation } = pass;
    if (!operation) {
      pass.runtime.attempt = undefined;
      endAbandoned(pass, options);
      return undefined;
    }
    const state = currentState(operation, pass.operationState, startTime(pass));
    if (state !== pass.operationState) begin(pass, state, options);
    pass.operationState = state;
    if (!operation.sync) finish(pass, { phase: 'Error', message: nothingToDo, final: true }, options);
    else if (state.phase === 'Terminating' && state.finishedAt)
      finish(pass, { phase: 'Failed', message: 'Operation terminated' }, options);
    else if (!isResting(state) || (await wake(pass, state, options))) await attempt(pass, options);
    if (pass.operation && pass.operationState && isSupersedable(pass, pass.operationState))
      pass.later.push({ level: levels.refresh, ms: supersedeCheckMs });
    return undefined;
  };
}

function begin(pass: Pass, state: OperationState, { onStarted }: OperateOptions): void {
  pass.runtime.operations.lastStart = state.startedAt;
  onStarted?.(pass, state);
}

/**
 * What becomes of an operation while the target is not to be had. One that has begun goes on with what it has, or
 * waits; one that has not begun fails.
 */
export async function operateBlindly(pass: Pass, message: string, options: OperateOptions): Promise<void> {
  if (!pass.operation) return endAbandoned(pass, options);
  const known = currentState(pass.operation, pass.operationState, startTime(pass));
  const state = interrupt(pass, known, { now: options.clock(), timeoutMs: options.syncTimeoutMs(), blind: true });
  const invalid = pass.findings.some(({ type }) => type === 'InvalidSpecError');
  const begun = state.syncResult !== undefined && !isResting(state);
  if (!begun || invalid) return failOperation(pass, message, options);
  pass.operationState = state;
  if (pass.destination && pass.runtime.attempt?.id === attemptId(state)) await attempt(pass, options);
  else if (state.phase === 'Terminating') finish(pass, { phase: 'Failed', message: 'Operation terminated' }, options);
}

/** Ends an operation that cannot even begin: the spec is invalid, or the target is not to be had. */
function failOperation(pass: Pass, message: string, options: OperateOptions): void {
  if (!pass.operation) return;
  const state = currentState(pass.operation, pass.operationState, startTime(pass));
  pass.operationState = state;
  if (isResting(state) && state.phase !== 'Terminating') {
    const left = restLeft(pass, state, options.clock());
    if (left > 0) {
      pass.later.push({ level: levels.refresh, ms: left });
      return;
    }
  }
  finish(pass, { phase: state.phase === 'Terminating' ? 'Failed' : 'Error', message }, options);
}

/** Whether the rest between two attempts is over; then the next one begins. */
async function wake(pass: Pass, state: OperationState, options: OperateOptions): Promise<boolean> {
  const newer = supersededBy(pass, state);
  if (newer) {
    const message = `${state.message ?? ''} Superseded by revision ${newer}.`;
    finish(pass, { phase: 'Failed', message, final: true }, options);
    pass.later.push({ level: levels.compare, ms: 0 });
    return false;
  }
  const left = restLeft(pass, state, options.clock());
  if (left > 0) {
    pass.later.push({ level: levels.compare, ms: left });
    return false;
  }
  const refreshes = state.operation.retry?.refresh === true;
  if (!pass.refreshed && (refreshes || syncsComparedTarget(state.operation))) {
    pass.later.push({ level: levels.refresh, ms: 0 });
    return false;
  }
  const { finishedAt: _finished, syncResult, ...rest } = state;
  const kept = refreshes || !state.operation.sync?.revision ? undefined : syncResult;
  const again = refreshes ? unpinned(rest) : rest;
  pass.operation = again.operation;
  pass.operationState = {
    ...again,
    message: `Retrying operation${refreshes ? ' with latest revisions' : ''}. Attempt #${state.retryCount ?? 0}`,
    ...(kept ? { syncResult: { ...kept, resources: [] } } : {}),
  };
  return true;
}

async function attempt(pass: Pass, options: OperateOptions): Promise<void> {
  const now = options.clock();
  const state = interrupt(pass, pass.operationState as OperationState, { now, timeoutMs: options.syncTimeoutMs() });
  pass.operationState = state;
  try {
    const running = await currentAttempt(pass, options);
    await drive(pass, running, options);
  } catch (error) {
    if (retryClass(error) === 'transient' && state.phase !== 'Terminating') throw error;
    pass.logger.warn('an operation cannot go on', { error });
    finish(pass, { phase: hasCode(error, sharedResource) ? 'Failed' : 'Error', message: errorMessage(error) }, options);
  }
}

async function currentAttempt(pass: Pass, options: OperateOptions): Promise<Attempt> {
  const state = pass.operationState as OperationState;
  const known = pass.runtime.attempt;
  if (known?.id === attemptId(state)) return known;
  const made = await prepareAttempt(pass, state, options);
  pass.runtime.attempt = made;
  pass.operationState = {
    ...state,
    syncResult: { ...sourceFields(pass, state, made.target), resources: state.syncResult?.resources ?? [] },
  };
  return made;
}
