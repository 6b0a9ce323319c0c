import { finalizers } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import { joinApiVersion } from '@plumbline/manifests';
import type { SyncTask } from '@plumbline/sync';
import { refOf } from '../object-ref.ts';
import type { ExecuteContext } from './execute-actions.ts';

/** Takes our finalizer off a hook object: its result has been read, so that it may go. */
export async function releaseHook(
  task: SyncTask,
  { destination: { client, live }, mask }: ExecuteContext,
): Promise<void> {
  const object = live.get(task.key)?.object;
  const kept = object?.metadata.finalizers?.filter((name) => name !== finalizers.hook);
  if (!object || !kept || kept.length === object.metadata.finalizers?.length) return;
  const { key } = task;
  const ref = refOf(key, joinApiVersion(key.group, task.version));
  const patch = { metadata: { finalizers: kept.length > 0 ? kept : null, uid: object.metadata.uid } };
  try {
    const answer = await client.patch(ref, patch, { type: 'merge', fieldManager: 'argocd-controller-hooks' });
    if (object.metadata.deletionTimestamp && kept.length === 0) live.forget(key, object.metadata.uid ?? '');
    else live.observe(mask.mask(answer));
  } catch (error) {
    if (!hasCode(error, 'KUBE_NOT_FOUND') && !hasCode(error, 'KUBE_CONFLICT')) throw error;
    live.forget(key, object.metadata.uid ?? '');
  }
}
