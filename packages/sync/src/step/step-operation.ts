import { finalizers } from '@plumbline/apis';
import type { SyncAction } from '../actions.ts';
import type { SyncProgress } from '../progress.ts';
import { refusedEarly } from '../results.ts';
import type { SyncTask } from '../types.ts';
import { assessRunning } from './assess-running.ts';
import { fail, failureOf } from './fail.ts';
import { finish } from './finish.ts';
import { rehearseOperation, rehearsePhase } from './rehearse.ts';
import { runGroup } from './run-group.ts';
import {
  type Decision,
  isPending,
  isStarted,
  resultFor,
  type StepInput,
  type StepState,
  setResult,
  stepState,
} from './step-state.ts';
import { terminate } from './terminate.ts';
import { waitBeforeGroup } from './waiting.ts';

/** What one step comes to. */
export interface SyncStep {
  progress: SyncProgress;
  /** To be executed now, all in parallel; their outcomes go into `recordOutcomes`. */
  actions: readonly SyncAction[];
  /** For people: what is being done or waited for, or how it ended. */
  message: string;
  /** Set when the operation is over, once `actions` are done. */
  phase?: 'Succeeded' | 'Failed' | 'Error';
  /** Without actions: step again after this time even if nothing observed changes. */
  requeueAfterMs?: number;
  /** Write `progress` to the custom resource before executing: the actions remove what it was read from. */
  persistFirst: boolean;
}

/**
 * One step of an operation, as a pure function of what is known (reference §2.2). Nothing is remembered between steps
 * but `progress`, so that stepping again with equal input, or after a restart, is safe. See the README for how to drive it.
 */
export function stepOperation(input: StepInput): SyncStep {
  const state = stepState(input);
  const decision = decide(state);
  const dismissing = decision.kind === 'wait' ? [] : decision.actions;
  const actions = [...dismissing, ...releases(state, input.request.dryRun ? [] : allTasks(state))];
  return {
    progress: {
      phase: input.progress.phase,
      message: decision.message,
      results: [...state.results.values()],
      memory: state.memory,
    },
    actions,
    message: decision.message,
    ...(decision.kind === 'finish' ? { phase: decision.phase } : {}),
    ...(decision.kind === 'wait' && decision.requeueAfterMs ? { requeueAfterMs: decision.requeueAfterMs } : {}),
    persistFirst: actions.some(({ kind }) => kind === 'delete-hook' || kind === 'release-hook'),
  };
}

function decide(state: StepState): Decision {
  if (state.terminating) return terminate(state);
  if (state.plan.invalid.length > 0) return rejectInvalid(state);
  if (state.request.dryRun) return rehearseOperation(state);
  assessRunning(state);
  return advance(state);
}

/** Goes from group to group until something is to be done or waited for. */
function advance(state: StepState): Decision {
  for (;;) {
    const group = state.groups.find((tasks) => tasks.some((task) => isPending(state, task)));
    const underWay = group !== undefined && isStarted(state, group);
    const failure = failureOf(state);
    if (failure && (failure.immediate || !underWay)) return fail(state, failure);
    const next = group?.find((task) => isPending(state, task));
    if (!group || !next) return finish(state);
    const decision =
      (underWay ? undefined : (waitBeforeGroup(state, next) ?? rehearsePhase(state, next))) ?? runGroup(state, group);
    if (decision) return decision;
  }
}

function rejectInvalid(state: StepState): Decision {
  for (const { task, message } of state.plan.invalid) setResult(state, refusedEarly(task, message));
  const reasons = [...new Set(state.plan.invalid.map(({ message }) => message))];
  const message = `one or more synchronization tasks are not valid, reason: ${reasons.join('; ')}`;
  return { kind: 'finish', phase: 'Failed', actions: [], message };
}

function allTasks(state: StepState): SyncTask[] {
  return [...state.groups, ...state.rescue].flat();
}

/** Completed hooks whose objects are still held by the hook finalizer are let go, each asked for once. */
function releases(state: StepState, tasks: readonly SyncTask[]): SyncAction[] {
  const actions: SyncAction[] = [];
  for (const task of tasks) {
    const phase = resultFor(state, task)?.hookPhase;
    if (!task.hook || phase === undefined || phase === 'Running') continue;
    const live = state.observed.live(task.key);
    if (!live?.uid || !live.object?.metadata.finalizers?.includes(finalizers.hook)) continue;
    const { dismissed, released } = state.memory;
    if (dismissed.includes(live.uid) || released.includes(live.uid)) continue;
    state.memory = { ...state.memory, released: [...released, live.uid] };
    actions.push({ kind: 'release-hook', task });
  }
  return actions;
}
