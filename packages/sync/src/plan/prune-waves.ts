import type { SyncPair, SyncRequest, SyncTask } from '../types.ts';
import { buildTasks } from './build-tasks.ts';

/** Whether the task will really delete something. */
export function willPrune(task: SyncTask, request: Pick<SyncRequest, 'prune'>): boolean {
  return task.action === 'prune' && request.prune && task.options.prune !== 'disabled';
}

/** The waves of what the request prunes, ascending, as the objects name them. */
export function pruneWavesOf(pairs: readonly SyncPair[], request: SyncRequest): number[] {
  return distinctWaves(buildTasks(pairs, request).filter((task) => willPrune(task, request)));
}

/**
 * Gives prune tasks their waves (reference §2.1): the distinct waves of what is pruned are swapped, lowest with
 * highest, so that things go in the reverse order of their coming; PruneLast puts a task after everything else. What is
 * only reported as skipped joins the first wave, where it makes nothing wait.
 * @param known waves of what this operation had to prune when it began: some of it may be gone by now
 */
export function withPruneWaves(
  tasks: readonly SyncTask[],
  request: SyncRequest,
  known: readonly number[] = [],
): SyncTask[] {
  const present = distinctWaves(tasks.filter((task) => willPrune(task, request)));
  const waves = [...new Set([...present, ...known])].sort((a, b) => a - b);
  const mirrored = new Map(waves.map((wave, index) => [wave, waves.at(-1 - index) ?? wave]));
  const first = Math.min(0, ...syncWaves(tasks.filter((task) => task.action === 'apply')));
  const placed = tasks.map((task) => {
    if (task.action !== 'prune') return task;
    return willPrune(task, request) ? mirror(task, mirrored) : skip(task, first, request);
  });
  const last = Math.max(0, ...syncWaves(placed), ...known) + 1;
  return placed.map((task) => (willPrune(task, request) && task.options.pruneLast ? pruneLast(task, last) : task));
}

function mirror(task: SyncTask, mirrored: ReadonlyMap<number, number>): SyncTask {
  const wave = mirrored.get(task.wave) ?? task.wave;
  return { ...task, wave, reason: `Not in the source any more: pruned in wave ${wave}, the mirror of ${task.wave}.` };
}

function pruneLast(task: SyncTask, wave: number): SyncTask {
  return { ...task, wave, reason: `Not in the source any more: pruned in wave ${wave}, after all else (PruneLast).` };
}

function skip(task: SyncTask, wave: number, request: SyncRequest): SyncTask {
  const why = request.prune ? 'its options forbid pruning' : 'the operation does not prune';
  return { ...task, wave, reason: `Not in the source any more, but kept: ${why}.` };
}

function distinctWaves(tasks: readonly SyncTask[]): number[] {
  return [...new Set(tasks.map((task) => task.wave))].sort((a, b) => a - b);
}

function syncWaves(tasks: readonly SyncTask[]): number[] {
  return tasks.filter((task) => task.phase === 'Sync').map((task) => task.wave);
}
