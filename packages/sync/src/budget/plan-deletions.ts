import { keyString, type ResourceKey } from '@plumbline/manifests';
import { willPrune } from '../plan/prune-waves.ts';
import type { ResourceResult, SyncPair, SyncPlan, SyncRequest, SyncTask } from '../types.ts';
import { type Deletion, deletionWeight, isWeighty } from './weight.ts';

/**
 * What an operation deletes: what its plan prunes, what it has pruned already, and objects that take others with them
 * and that `Force` may delete to make them anew. Hook objects come and go with every sync and do not count.
 */
export function planDeletions(
  plan: SyncPlan,
  request: SyncRequest,
  results: readonly ResourceResult[] = [],
): Deletion[] {
  const tasks = plan.phases.flatMap(({ waves }) => waves.flatMap((wave) => wave.tasks));
  const found = new Map<string, Deletion>();
  const add = (key: ResourceKey, weight: number) => found.set(keyString(key), { key, weight });
  for (const { group, kind, namespace, name, status } of results) {
    const key = { group, kind, namespace, name };
    if (status === 'Pruned') add(key, deletionWeight(key, undefined));
  }
  for (const task of tasks) if (deletes(task, request)) add(task.key, deletionWeight(task.key, task.live?.object));
  return [...found.values()];
}

function deletes(task: SyncTask, request: SyncRequest): boolean {
  if (task.action === 'prune') return task.live !== undefined && willPrune(task, request);
  return !task.hook && task.options.force && task.outOfSync && task.live !== undefined && isWeighty(task.key);
}

/** The weight of all live objects of an Application: what shares are taken of. */
export function liveWeight(pairs: readonly SyncPair[]): number {
  return pairs.reduce((sum, { key, live }) => sum + (live ? deletionWeight(key, live.object) : 0), 0);
}
