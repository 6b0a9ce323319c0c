import { annotations, type OperationState } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { ResourceKey } from '@plumbline/manifests';
import { parseSyncOptions, recordOutcomes, resumeProgress, type SyncProgress, stepOperation } from '@plumbline/sync';
import { needsAnnouncement } from '../operation/announce.ts';
import { noteWrites } from '../operation/audit.ts';
import { judgedObject } from '../operation/child-applications.ts';
import { noteDeletions } from '../operation/deletion-gate.ts';
import { executeActions } from '../operation/execute-actions.ts';
import { ownerElsewhere } from '../operation/hand-over.ts';
import { firstHold, type Hold, hasBegun } from '../operation/hold.ts';
import { endHeld } from '../operation/interrupt.ts';
import type { Attempt } from '../operation/running-operation.ts';
import { migrationOf } from '../operation/sync-request.ts';
import type { Pass } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import type { SecretValues } from '../target/secret-values.ts';
import { finish } from './finish-operation.ts';
import type { OperateOptions } from './operate-options.ts';

/** A running operation is looked at again after this time, whatever is observed. */
const idleMs = 30_000;

/** Carries an attempt on, step by step, as far as it goes without waiting. */
export async function drive(pass: Pass, running: Attempt, options: OperateOptions): Promise<void> {
  const { plan, request } = running;
  const hold = await firstHold(pass, running, options.holds);
  const ended = hold && endHeld(pass, pass.operationState as OperationState);
  if (ended) pass.operationState = ended;
  else if (hold) return waitHeld(pass, hold, options);
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
