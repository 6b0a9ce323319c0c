import { joinApiVersion } from '@plumbline/manifests';
import type { SyncPlan, SyncRequest, SyncTask } from '../types.ts';
import { definedKind, kindOf } from './custom-kinds.ts';
import { isNamespace } from './namespace-task.ts';
import type { PlanContext } from './plan-context.ts';

/** The tasks that can run, each marked whether a dry run can judge it, and those that never can, with the reason. */
export function checkTasks(
  tasks: readonly SyncTask[],
  context: PlanContext,
  request: SyncRequest,
): { valid: SyncTask[]; invalid: SyncPlan['invalid'] } {
  const coming = new Set(tasks.map(definedKind));
  const valid: SyncTask[] = [];
  const invalid: { task: SyncTask; message: string }[] = [];
  for (const task of tasks) {
    const kind = knownKind(task, context, coming);
    const message = context.permitted(task.key) ?? (kind === 'unknown' ? unknownKind(task) : undefined);
    if (message !== undefined) {
      invalid.push({ task, message });
      continue;
    }
    valid.push({ ...task, dryRunnable: kind === 'known' && !waitsForNamespace(task, tasks, request) });
  }
  return { valid, invalid };
}

function knownKind(
  task: SyncTask,
  context: PlanContext,
  coming: ReadonlySet<string | undefined>,
): 'known' | 'unknown' | 'coming' {
  if (task.action === 'prune') return 'known';
  const known = context.kindKnown(joinApiVersion(task.key.group, task.version), task.key.kind);
  if (known !== 'unknown') return known;
  return coming.has(kindOf(task)) || task.options.skipDryRunOnMissingResource ? 'coming' : 'unknown';
}

function unknownKind({ key, version }: SyncTask): string {
  const api = joinApiVersion(key.group, version);
  const place = key.namespace ? `${key.namespace}/${key.name}` : key.name;
  return `the cluster does not know ${api}/${key.kind} of the resource ${place}: make sure that the CustomResourceDefinition of "${key.kind}" is installed on the destination cluster`;
}

/**
 * Whether the object lives in a namespace that this same sync makes: the server refuses a dry run in a namespace that
 * does not exist. The engine's own Namespace is applied before the dry run, so it counts only when nothing is written.
 */
function waitsForNamespace(task: SyncTask, tasks: readonly SyncTask[], request: SyncRequest): boolean {
  if (!task.key.namespace) return false;
  const maker = tasks.find((other) => other.action === 'apply' && isNamespace(other, task.key.namespace));
  if (!maker) return false;
  return maker.automatic ? request.dryRun && !request.namespaceExists : maker.live === undefined;
}
