import { finalizers } from '@plumbline/apis';
import type { SyncAction } from '../actions.ts';
import { displayKey, listKeys } from '../display.ts';
import { isOfRun } from '../hooks.ts';
import { isApproved } from '../observed.ts';
import { willPrune } from '../plan/prune-waves.ts';
import { applied, pruned, pruneSkipped } from '../results.ts';
import { taskId } from '../task-id.ts';
import type { SyncTask } from '../types.ts';
import { type Decision, isPending, needsWrite, type StepState, setResult, type TaskGroup } from './step-state.ts';

/**
 * The next thing to do in a group: prune, then clear away hooks of earlier syncs, then apply, kind by kind. What needs
 * no request is resolved on the way; undefined when the group has nothing pending any more.
 */
export function runGroup(state: StepState, group: TaskGroup): Decision | undefined {
  const pending = group.filter((task) => isPending(state, task));
  return prune(state, pending) ?? clearHooks(state, pending) ?? applyNextKind(state, pending);
}

function prune(state: StepState, pending: readonly SyncTask[]): Decision | undefined {
  const { request, observed } = state;
  const tasks = pending.filter((task) => task.action === 'prune');
  const unconfirmed = tasks.filter(
    (task) =>
      willPrune(task, request) &&
      task.options.prune === 'confirm' &&
      !isApproved(observed.deletionApproved, request.startedAt),
  );
  if (unconfirmed.length > 0) {
    const names = listKeys(
      unconfirmed.map((task) => task.key),
      'resources',
    );
    return { kind: 'wait', message: `waiting for pruning confirmation of ${names}` };
  }
  const actions: SyncAction[] = [];
  for (const task of tasks) {
    if (!willPrune(task, request)) setResult(state, pruneSkipped(task, request));
    else if (!observed.live(task.key)) setResult(state, pruned(task));
    else actions.push({ kind: 'prune', task });
  }
  return actions.length > 0 ? { kind: 'act', actions, message: `pruning ${names(actions)}` } : undefined;
}

/** Deletes hook objects that an earlier run left behind, and waits until they are gone. */
function clearHooks(state: StepState, pending: readonly SyncTask[]): Decision | undefined {
  const stale = pending.filter((task) => isStaleHook(state, task));
  if (stale.length === 0) return undefined;
  const actions = dismissals(state, stale);
  if (actions.length > 0)
    return { kind: 'act', actions, message: `deleting hooks of earlier syncs: ${names(actions)}` };
  return {
    kind: 'wait',
    message: `waiting for deletion of ${listKeys(
      stale.map((task) => task.key),
      'hooks',
    )}`,
  };
}

/** A hook object that is to give way: any but the one of this very run and phase, which a restart may have left unrecorded. */
function isStaleHook(state: StepState, task: SyncTask): boolean {
  const live = task.hook && state.observed.live(task.key);
  return live !== undefined && !isOfRun(live.object, task.target);
}

/** Deletions of the tasks' live hook objects, each asked for once. */
export function dismissals(state: StepState, tasks: readonly SyncTask[]): SyncAction[] {
  const actions: SyncAction[] = [];
  for (const task of tasks) {
    const live = state.observed.live(task.key);
    if (!live) continue;
    const id = live.uid ?? taskId(task);
    const held = live.object?.metadata.finalizers?.includes(finalizers.hook) ?? false;
    if (state.memory.dismissed.includes(id) || (live.deletionTimestamp && !held)) continue;
    state.memory = { ...state.memory, dismissed: [...state.memory.dismissed, id] };
    actions.push({ kind: 'delete-hook', task, uid: live.uid });
  }
  return actions;
}

/** The next run of tasks of one kind; what is in order is only reported. */
function applyNextKind(state: StepState, pending: readonly SyncTask[]): Decision | undefined {
  const batch: SyncTask[] = [];
  for (const task of pending) {
    if (task.action !== 'apply') continue;
    if (!needsWrite(task)) {
      setResult(state, applied(task, 'unchanged'));
      continue;
    }
    const [first] = batch;
    if (first && (first.key.kind !== task.key.kind || first.key.group !== task.key.group)) break;
    batch.push(task);
  }
  if (batch.length === 0) return undefined;
  const actions = batch.map((task): SyncAction => ({ kind: 'apply', task }));
  return { kind: 'act', actions, message: `applying ${names(actions)}` };
}

function names(actions: readonly SyncAction[]): string {
  const [first] = actions;
  if (!first) return 'nothing';
  const rest = actions.length - 1;
  return rest > 0 ? `${displayKey(first.task.key)} and ${rest} more` : displayKey(first.task.key);
}
