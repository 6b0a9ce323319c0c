import type { OperationState } from '@plumbline/apis';
import { decideRetry } from '@plumbline/sync';
import { momentAt } from '../moment.ts';
import { keepRecord } from '../operation/audit.ts';
import { interruptNote } from '../operation/interrupt.ts';
import { attemptId, finishedRun } from '../operation/running-operation.ts';
import { type Pass, timestamp } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { appendHistory } from '../status/history.ts';
import { fixCheckMs } from './load-target.ts';
import type { OperateOptions } from './operate-options.ts';

export interface Ending {
  phase: 'Succeeded' | 'Failed' | 'Error';
  message: string;
  /** No retry, whatever the strategy says. */
  final?: boolean;
}

/** Ends the attempt: for good, or until the next one (reference §2.5). */
export function finish(pass: Pass, { phase, message, final }: Ending, options: OperateOptions): void {
  const state = pass.operationState as OperationState;
  const now = options.clock();
  const finishedAt = timestamp(new Date(Math.max(now, Date.parse(state.startedAt))));
  const retries = phase !== 'Succeeded' && state.phase !== 'Terminating' && !final;
  pass.runtime.attempt = undefined;
  pass.runtime.finished = finishedRun(pass.runtime.finished, state);
  const retryCount = state.retryCount ?? 0;
  const decision = retries
    ? decideRetry(state.operation.retry, { message, retryCount, now })
    : { again: false as const, message: `${message}${interruptNote(pass, state)}` };
  const ended: OperationState = { ...state, phase, message: decision.message, finishedAt };
  if (decision.again) {
    pass.operationState = { ...ended, phase: 'Running', retryCount: decision.retryCount };
    const until = momentAt(now + decision.delayMs, { now, steady: pass.steady() });
    pass.runtime.rest = { id: attemptId(pass.operationState), until };
    pass.later.push({ level: levels.compare, ms: decision.delayMs });
  } else {
    conclude(pass, ended, options);
  }
}

/** The operation is over for good. */
function conclude(pass: Pass, ended: OperationState, options: OperateOptions): void {
  const { revision = '', revisions = [revision] } = ended.syncResult ?? {};
  pass.operation = undefined;
  pass.operationState = ended;
  if (ended.phase !== 'Succeeded') pass.later.push({ level: levels.tree, ms: fixCheckMs });
  pass.history = appendHistory(pass.app, ended, { revisions });
  keepRecord(pass, ended);
  options.onFinished(pass, ended);
}
