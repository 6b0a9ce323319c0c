import type { KubeObject } from '@plumbline/manifests';
import { parseSyncOptions, taskOptions } from '../sync-options.ts';
import type { SyncRequest, SyncTask } from '../types.ts';

/**
 * The task that makes the destination namespace (CreateNamespace=true), or undefined where it is not needed: a manifest
 * for it exists, or it is there and no metadata is asked for. It carries no tracking, so that it is never pruned.
 */
export function namespaceTask(tasks: readonly SyncTask[], request: SyncRequest): SyncTask | undefined {
  if (!request.namespace || parseSyncOptions(request.syncOptions).get('CreateNamespace') !== 'true') return undefined;
  if (tasks.some((task) => task.target && isNamespace(task, request.namespace))) return undefined;
  const { labels, annotations } = request.managedNamespaceMetadata ?? {};
  const managed = labels !== undefined || annotations !== undefined;
  if (request.namespaceExists && !managed) return undefined;
  const target: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: request.namespace, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  };
  return {
    key: { group: '', kind: 'Namespace', namespace: '', name: request.namespace },
    version: 'v1',
    phase: 'PreSync',
    wave: 0,
    action: 'apply',
    hook: undefined,
    deletePolicies: [],
    target,
    live: undefined,
    outOfSync: true,
    options: taskOptions({ syncOptions: [], force: false }, target, undefined),
    dryRunnable: true,
    automatic: true,
    reason: request.namespaceExists
      ? 'The destination namespace gets the metadata that the Application manages.'
      : 'The destination namespace does not exist, and CreateNamespace asks for it.',
  };
}

/** Whether the task is for the namespace of that name. */
export function isNamespace({ key }: Pick<SyncTask, 'key'>, name: string): boolean {
  return key.group === '' && key.kind === 'Namespace' && key.name === name;
}
