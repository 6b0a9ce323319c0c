import type { SyncAction } from '../actions.ts';
import type { ObservedState } from '../observed.ts';
import type { SyncMemory, SyncProgress } from '../progress.ts';
import { resultId, taskId } from '../task-id.ts';
import type { ResourceResult, SyncPlan, SyncRequest, SyncTask } from '../types.ts';

/** The tasks of one (phase, wave). */
export type TaskGroup = readonly SyncTask[];

/** Working state of one step. `results` and `memory` change while the step resolves what needs no request. */
export interface StepState {
  readonly plan: SyncPlan;
  readonly request: SyncRequest;
  readonly observed: ObservedState;
  readonly terminating: boolean;
  /** Groups of the phases before SyncFail, in order. */
  readonly groups: readonly TaskGroup[];
  /** Groups of the SyncFail phase, in order. */
  readonly rescue: readonly TaskGroup[];
  readonly results: Map<string, ResourceResult>;
  memory: SyncMemory;
}

/** What a step comes to: requests to make, something to wait for, or the end (with requests to make before it). */
export type Decision =
  | { kind: 'act'; actions: readonly SyncAction[]; message: string }
  | { kind: 'wait'; message: string; requeueAfterMs?: number }
  | { kind: 'finish'; phase: 'Succeeded' | 'Failed' | 'Error'; actions: readonly SyncAction[]; message: string };

export interface StepInput {
  progress: SyncProgress;
  plan: SyncPlan;
  request: SyncRequest;
  observed: ObservedState;
}

export function stepState({ progress, plan, request, observed }: StepInput): StepState {
  const groupsOf = (phases: SyncPlan['phases']) => phases.flatMap(({ waves }) => waves.map(({ tasks }) => tasks));
  return {
    plan,
    request,
    observed,
    terminating: progress.phase === 'Terminating',
    groups: groupsOf(plan.phases.filter(({ phase }) => phase !== 'SyncFail')),
    rescue: groupsOf(plan.phases.filter(({ phase }) => phase === 'SyncFail')),
    results: new Map(progress.results.map((result) => [resultId(result), result])),
    memory: progress.memory,
  };
}

export function resultFor(state: StepState, task: SyncTask): ResourceResult | undefined {
  return state.results.get(taskId(task));
}

export function setResult(state: StepState, result: ResourceResult): void {
  state.results.set(resultId(result), result);
}

export function isPending(state: StepState, task: SyncTask): boolean {
  return !state.results.has(taskId(task));
}

/** Applied, and its health is still to be seen. */
export function isRunning(state: StepState, task: SyncTask): boolean {
  return resultFor(state, task)?.hookPhase === 'Running';
}

/** Whether something of the group was done; the engine's own Namespace goes ahead of its group and does not count. */
export function isStarted(state: StepState, group: TaskGroup): boolean {
  return group.some((task) => !task.automatic && !isPending(state, task));
}

/** Whether the task needs a request at all: what is in order is only reported, unless it is to be replaced. */
export function needsWrite(task: SyncTask): boolean {
  return task.hook !== undefined || task.outOfSync || task.hiddenDrift === true || task.options.replace;
}

/** Milliseconds until what was written last had time to show, 0 when it had. */
export function settlingMs({ memory, request, observed }: StepState): number {
  if (memory.lastWriteAt === undefined) return 0;
  return Math.max(0, memory.lastWriteAt + (request.waveDelayMs ?? 2000) - observed.now);
}
