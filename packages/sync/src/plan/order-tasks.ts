import { kindRank } from '@plumbline/manifests';
import { displayKey } from '../display.ts';
import { phaseOrder } from '../phase-order.ts';
import type { SyncTask } from '../types.ts';
import { definedKind, kindOf } from './custom-kinds.ts';

/** Phase, then wave, then kind, then name (reference §2.1); namespace last, so that the order is total. */
function compareTasks(a: SyncTask, b: SyncTask): number {
  return (
    phaseOrder.indexOf(a.phase) - phaseOrder.indexOf(b.phase) ||
    a.wave - b.wave ||
    kindRank(a.key.kind) - kindRank(b.key.kind) ||
    compareText(a.key.name, b.key.name) ||
    compareText(a.key.namespace, b.key.namespace) ||
    compareText(kindOf(a), kindOf(b))
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The tasks in the order they run. After sorting, a Namespace is pulled in front of the first object that lives in it
 * and a CustomResourceDefinition in front of the first object of its kind, where that comes earlier; the one moved
 * takes over phase and wave of the place.
 */
export function orderTasks(tasks: readonly SyncTask[]): SyncTask[] {
  const sorted = [...tasks].sort(compareTasks);
  const definitions = sorted.filter((task) => definedKind(task) !== undefined);
  const namespaces = sorted.filter(bringsNamespace);
  const withDefinitions = definitions.reduce((order, task) => pullForward(order, task, isOfKind), sorted);
  return namespaces.reduce((order, task) => pullForward(order, task, livesIn), withDefinitions);
}

function bringsNamespace(task: SyncTask): boolean {
  return task.action === 'apply' && task.key.group === '' && task.key.kind === 'Namespace';
}

function livesIn(task: SyncTask, namespace: SyncTask): boolean {
  return task.action === 'apply' && task.key.namespace === namespace.key.name;
}

function isOfKind(task: SyncTask, definition: SyncTask): boolean {
  return task.action === 'apply' && kindOf(task) === definedKind(definition);
}

function pullForward(
  order: readonly SyncTask[],
  needed: SyncTask,
  needs: (task: SyncTask, needed: SyncTask) => boolean,
): SyncTask[] {
  const from = order.indexOf(needed);
  const to = order.findIndex((task) => task !== needed && needs(task, needed));
  const user = order[to];
  if (!user || to > from) return [...order];
  const moved: SyncTask = {
    ...needed,
    phase: user.phase,
    wave: user.wave,
    reason: `${needed.reason} Moved before ${displayKey(user.key)}, which needs it.`,
  };
  return [...order.slice(0, to), moved, ...order.slice(to, from), ...order.slice(from + 1)];
}
