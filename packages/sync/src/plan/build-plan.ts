import { parseSyncOptions } from '../sync-options.ts';
import { resultId, taskId } from '../task-id.ts';
import type { SyncPair, SyncPlan, SyncRequest, SyncTask } from '../types.ts';
import { buildTasks } from './build-tasks.ts';
import { checkTasks } from './check-tasks.ts';
import { namespaceTask } from './namespace-task.ts';
import { orderTasks } from './order-tasks.ts';
import type { PlanContext } from './plan-context.ts';
import { withPruneWaves } from './prune-waves.ts';

/**
 * The plan of a sync: what is applied and pruned, in which order, and why (reference §2.1). Pairs come normalised:
 * targets have their namespace and tracking, live objects that only pretend to belong are left out. Pure: equal input
 * gives an equal plan, so that it can be shown before it runs and rebuilt after a restart.
 */
export function buildPlan(pairs: readonly SyncPair[], request: SyncRequest, context: PlanContext): SyncPlan {
  const made = buildTasks(pairs, request);
  const namespace = namespaceTask(made, request);
  const all = withPruneWaves(namespace ? [namespace, ...made] : made, request, context.pruneWaves);
  const { valid, invalid } = checkTasks(all, context, request);
  return { phases: group(orderTasks(worthwhile(valid, request, context))), invalid };
}

/** ApplyOutOfSyncOnly leaves out what is in order, unless this operation itself brought it there. */
function worthwhile(tasks: SyncTask[], request: SyncRequest, context: PlanContext): SyncTask[] {
  if (parseSyncOptions(request.syncOptions).get('ApplyOutOfSyncOnly') !== 'true') return tasks;
  const done = new Set((context.results ?? []).map(resultId));
  return tasks.filter((task) => task.outOfSync || done.has(taskId(task)));
}

function group(tasks: readonly SyncTask[]): SyncPlan['phases'] {
  const phases: { phase: SyncTask['phase']; waves: { wave: number; tasks: SyncTask[] }[] }[] = [];
  for (const task of tasks) {
    let phase = phases.at(-1);
    if (phase?.phase !== task.phase) {
      phase = { phase: task.phase, waves: [] };
      phases.push(phase);
    }
    const wave = phase.waves.at(-1);
    if (wave?.wave === task.wave) wave.tasks.push(task);
    else phase.waves.push({ wave: task.wave, tasks: [task] });
  }
  return phases;
}
