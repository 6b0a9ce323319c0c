import { finalizers } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import type { ResourceKey } from '@plumbline/manifests';
import { refOf } from '../object-ref.ts';
import type { ExecuteContext } from './execute-actions.ts';

/** An object as its requests name it. */
export interface HookRef {
  key: ResourceKey;
  apiVersion: string;
}

/** Takes our finalizer off a hook object: its result has been read, so that it may go. */
export async function releaseHook(
  { key, apiVersion }: HookRef,
  { destination: { client, live }, mask }: Pick<ExecuteContext, 'destination' | 'mask'>,
): Promise<void> {
  const object = live.get(key)?.object;
  const kept = object?.metadata.finalizers?.filter((name) => name !== finalizers.hook);
  if (!object || !kept || kept.length === object.metadata.finalizers?.length) return;
  const ref = refOf(key, apiVersion);
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
