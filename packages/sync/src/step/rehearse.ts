import type { SyncAction } from '../actions.ts';
import { willPrune } from '../plan/prune-waves.ts';
import { applied, hasFailed, pruned, pruneSkipped, rehearsed } from '../results.ts';
import type { SyncTask } from '../types.ts';
import { type Decision, isPending, needsWrite, type StepState, setResult } from './step-state.ts';

/**
 * Before the first write of a phase, the server judges everything the phase will write (reference §2.2 row 2). By phase
 * and not all at once, because a later phase may need what an earlier one brings.
 */
export function rehearsePhase(state: StepState, next: SyncTask): Decision | undefined {
  const { phase } = next;
  if (state.request.skipDryRun || state.memory.rehearsed.includes(phase)) return undefined;
  const tasks = state.groups.flat().filter((task) => task.phase === phase);
  if (tasks.some((task) => !task.automatic && !isPending(state, task))) return undefined;
  const namespace = tasks.find((task) => task.automatic && isPending(state, task));
  if (namespace) {
    return {
      kind: 'act',
      actions: [{ kind: 'apply', task: namespace }],
      message: `applying the namespace ${namespace.key.name}`,
    };
  }
  state.memory = { ...state.memory, rehearsed: [...state.memory.rehearsed, phase] };
  const actions = dryRuns(state, tasks);
  if (actions.length === 0) return undefined;
  return { kind: 'act', actions, message: `checking ${actions.length} objects of the ${phase} phase with the server` };
}

/** A whole operation as a dry run: one round of questions, then every task has a result and nothing has changed. */
export function rehearseOperation(state: StepState): Decision {
  const tasks = state.groups.flat();
  if (state.results.size === 0 && !state.memory.rehearsed.includes('Sync')) {
    state.memory = { ...state.memory, rehearsed: ['PreSync', 'Sync', 'PostSync'] };
    const actions = dryRuns(state, tasks);
    if (actions.length > 0)
      return { kind: 'act', actions, message: `checking ${actions.length} objects with the server` };
  }
  for (const task of tasks) if (isPending(state, task)) setResult(state, foretold(task, state));
  const failed = [...state.results.values()].some(hasFailed);
  return failed
    ? { kind: 'finish', phase: 'Failed', actions: [], message: 'one or more objects failed to apply (dry run)' }
    : { kind: 'finish', phase: 'Succeeded', actions: [], message: 'successfully synced (dry run)' };
}

function foretold(task: SyncTask, { request }: StepState) {
  if (task.action === 'prune') {
    return willPrune(task, request) ? rehearsed(pruned(task)) : pruneSkipped(task, request);
  }
  if (!needsWrite(task)) return rehearsed(applied(task, 'unchanged'));
  return rehearsed(applied(task, task.live ? 'configured' : 'created'));
}

/** The server cannot judge what is deleted first (old hooks, forced objects) or whose kind or namespace is to come. */
function dryRuns(state: StepState, tasks: readonly SyncTask[]): SyncAction[] {
  return tasks
    .filter((task) => task.action === 'apply' && task.dryRunnable && needsWrite(task) && isPending(state, task))
    .filter((task) => !((task.hook || task.options.force) && state.observed.live(task.key)))
    .map((task): SyncAction => ({ kind: 'dry-run', task }));
}
