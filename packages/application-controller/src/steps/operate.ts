import { annotations, type OperationState } from '@plumbline/apis';
import type { SecretMask } from '@plumbline/cluster';
import { errorMessage, hasCode, PlumblineError, retryClass } from '@plumbline/errors';
import type { ResourceKey } from '@plumbline/manifests';
import {
  decideRetry,
  parseSyncOptions,
  recordOutcomes,
  resumeProgress,
  type SyncProgress,
  stepOperation,
} from '@plumbline/sync';
import type { Destination } from '../destination/destinations.ts';
import { needsAnnouncement } from '../operation/announce.ts';
import { keepRecord, noteWrites } from '../operation/audit.ts';
import { judgedObject } from '../operation/child-applications.ts';
import { noteDeletions } from '../operation/deletion-gate.ts';
import { executeActions } from '../operation/execute-actions.ts';
import { type OtherApplications, ownerElsewhere } from '../operation/hand-over.ts';
import { firstHold, type Hold, type HoldRule, hasBegun } from '../operation/hold.ts';
import { interrupt, interruptNote, isSupersedable, supersedeCheckMs, supersededBy } from '../operation/interrupt.ts';
import { type PrepareOptions, prepareAttempt, sourceFields } from '../operation/prepare-attempt.ts';
import { sharedResource } from '../operation/refuse-shared.ts';
import { endAbandoned, restLeft, startTime, unpinned } from '../operation/rest.ts';
import { type Attempt, attemptId, currentState, finishedRun, isResting } from '../operation/running-operation.ts';
import { migrationOf, syncsComparedTarget } from '../operation/sync-request.ts';
import { type Pass, type Step, timestamp } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { appendHistory } from '../status/history.ts';
import type { SecretValues } from '../target/secret-values.ts';
import { fixCheckMs } from './load-target.ts';

export interface OperateOptions extends PrepareOptions {
  mask: SecretMask;
  clock(): number;
  /** Writes the operation and its state as they stand, in the middle of a pass. */
  persist(pass: Pass): Promise<void>;
  /** An attempt is over, for good. */
  onFinished(pass: Pass, state: OperationState): void;
  /** What may be against going on, asked before every write, in this order. */
  holds: readonly HoldRule[];
  others: OtherApplications;
  /** An operation begins. */
  onStarted?(pass: Pass, state: OperationState): void;
  /** The destination as writes go to it: perhaps as another user. Default: as it is. */
  acting?(pass: Pass, destination: Destination): Destination;
  /** `controller.sync.timeout.seconds`, ms; 0 is none. */
  syncTimeoutMs(): number;
}

/** A running operation is looked at again after this time, whatever is observed. */
const idleMs = 30_000;

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
    if (state.phase === 'Terminating' && state.finishedAt)
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
  const state = interrupt(pass, known, { now: options.clock(), timeoutMs: options.syncTimeoutMs() });
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

async function drive(pass: Pass, running: Attempt, options: OperateOptions): Promise<void> {
  const { plan, request } = running;
  const hold = await firstHold(pass, running, options.holds);
  if (hold) return waitHeld(pass, hold, options);
  const context = executeContext(pass, running, options);
  let announced = !needsAnnouncement(pass, running);
  let progress: SyncProgress = { ...resumed(pass), memory: running.memory };
  for (;;) {
    const step = stepOperation({ progress, plan, request, observed: observe(pass, running, options) });
    progress = step.progress;
    if (step.actions.length > 0 && (step.persistFirst || !announced)) {
      announced = true;
      save(pass, running, progress, 'one or more tasks are running');
      await options.persist(pass);
    }
    const outcomes = await executeActions(step.actions, context);
    noteDeletions(pass, outcomes, options.clock());
    noteWrites(pass, running, outcomes);
    progress = recordOutcomes(progress, outcomes, { request, now: options.clock() });
    save(pass, running, progress, step.message);
    if (step.phase) return finish(pass, { phase: step.phase, message: step.message }, options);
    if (step.actions.length > 0) continue;
    pass.later.push({ level: levels.tree, ms: step.requeueAfterMs ?? idleMs });
    return;
  }
}

/** Nothing is written while a hold lasts; what has not begun is prepared anew each time, so that it is not out of date. */
function waitHeld(pass: Pass, hold: Hold, options: OperateOptions): void {
  const { message } = hold;
  if (hold.kind === 'refuse') {
    finish(pass, { phase: 'Failed', message, final: true }, options);
    return;
  }
  const state = pass.operationState as OperationState;
  pass.operationState = { ...state, message };
  if (!hasBegun(state)) pass.runtime.attempt = undefined;
  pass.later.push({ level: levels.compare, ms: hold.ms });
}

function observe(pass: Pass, { target }: Attempt, { others, clock }: OperateOptions) {
  const judging = { pass, revisions: target.revisions, refresh: others.refresh };
  const live = (key: ResourceKey) => judgedObject(pass.destination?.live.get(key), judging);
  return { live, now: clock(), deletionApproved: pass.app.metadata.annotations?.[annotations.deletionApproved] };
}

function resumed(pass: Pass): SyncProgress {
  const state = pass.operationState;
  const results = (state?.syncResult?.resources ?? []) as SyncProgress['results'];
  return resumeProgress({ ...(state?.phase ? { phase: state.phase } : {}), message: state?.message ?? '', results });
}

function save(pass: Pass, running: Attempt, progress: SyncProgress, message: string): void {
  const state = pass.operationState as OperationState;
  running.memory = progress.memory;
  const syncResult = {
    revision: '',
    ...state.syncResult,
    resources: [...progress.results],
  } as OperationState['syncResult'];
  pass.operationState = { ...state, message, syncResult };
}

function executeContext(pass: Pass, running: Attempt, options: OperateOptions) {
  if (!pass.destination)
    throw new PlumblineError('INTERNAL', 'an operation was driven before its destination was known');
  let values: Promise<SecretValues> | undefined;
  return {
    destination: options.acting?.(pass, pass.destination) ?? pass.destination,
    mask: options.mask,
    comparer: running.comparer,
    rules: pass.rules,
    moves: {
      application: pass.application,
      ownerElsewhere: (key: ResourceKey) => ownerElsewhere(pass, key, options.others),
    },
    respectIgnoreDifferences: parseSyncOptions(running.request.syncOptions).get('RespectIgnoreDifferences') === 'true',
    migration: migrationOf(pass.app, running.request),
    secretValues: () => {
      values ??= running.secretValues();
      return values;
    },
  };
}

interface Ending {
  phase: 'Succeeded' | 'Failed' | 'Error';
  message: string;
  /** No retry, whatever the strategy says. */
  final?: boolean;
}

/** Ends the attempt: for good, or until the next one (reference §2.5). */
function finish(pass: Pass, { phase, message, final }: Ending, options: OperateOptions): void {
  const state = pass.operationState as OperationState;
  const finishedAt = timestamp(new Date(Math.max(options.clock(), Date.parse(state.startedAt))));
  const retries = phase !== 'Succeeded' && state.phase !== 'Terminating' && !final;
  pass.runtime.attempt = undefined;
  pass.runtime.finished = finishedRun(pass.runtime.finished, state);
  const retryCount = state.retryCount ?? 0;
  const decision = retries
    ? decideRetry(state.operation.retry, { message, retryCount, now: options.clock() })
    : { again: false as const, message: `${message}${interruptNote(pass, state)}` };
  if (decision.again) {
    const resting: OperationState = {
      ...state,
      phase: 'Running',
      message: decision.message,
      finishedAt,
      retryCount: decision.retryCount,
    };
    pass.operationState = resting;
    pass.runtime.rest = { id: attemptId(resting), until: options.clock() + decision.delayMs };
    pass.later.push({ level: levels.compare, ms: decision.delayMs });
    return;
  }
  pass.operation = undefined;
  if (phase !== 'Succeeded') pass.later.push({ level: levels.tree, ms: fixCheckMs });
  pass.operationState = { ...state, phase, message: decision.message, finishedAt };
  pass.history = appendHistory(pass.app, pass.operationState, {
    revisions: state.syncResult?.revisions ?? [state.syncResult?.revision ?? ''],
  });
  keepRecord(pass, pass.operationState);
  options.onFinished(pass, pass.operationState);
}
