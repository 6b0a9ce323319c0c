import { hasCode } from '@plumbline/errors';
import type { ObjectMeta, ResourceKey } from '@plumbline/manifests';
import type { Destination } from '../destination/destinations.ts';
import { refOf } from '../object-ref.ts';

export interface DeleteRequest {
  destination: Destination;
  propagation: 'Foreground' | 'Background' | 'Orphan';
  /** Only this very object: one that was made anew under the name stays. */
  uid: string | undefined;
}

/** Kinds whose controllers make dependents, perhaps some that are not seen yet. */
const parents = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'Application',
  'ApplicationSet',
]);
const plain = new Set(['', 'apps', 'batch', 'rbac.authorization.k8s.io', 'networking.k8s.io', 'policy', 'autoscaling']);

/**
 * Deletes an object and tells the live state at once. Gone already is as good as deleted. Foreground deletion of an
 * object that cannot have dependents is made a background one: the same end, without a round through the garbage collector.
 */
export async function deleteObject(key: ResourceKey, apiVersion: string, request: DeleteRequest): Promise<void> {
  const { client, live } = request.destination;
  const node = live.get(key);
  const uid = request.uid ?? node?.uid;
  const alone = plain.has(key.group) && !parents.has(key.kind) && (!node || live.descendants(node.uid).length === 0);
  const propagationPolicy = request.propagation === 'Foreground' && alone ? 'Background' : request.propagation;
  try {
    const left = await client.delete(refOf(key, apiVersion), { propagationPolicy, ...(uid ? { uid } : {}) });
    if (left?.metadata.uid !== undefined && left.metadata.deletionTimestamp && node?.object) {
      live.observe({ ...node.object, metadata: { ...node.object.metadata, ...endOf(left.metadata) } });
    } else if (!left && uid) live.forget(key, uid);
  } catch (error) {
    const replaced = hasCode(error, 'KUBE_CONFLICT') && uid !== undefined;
    if (!hasCode(error, 'KUBE_NOT_FOUND') && !replaced) throw error;
    if (uid) live.forget(key, uid);
  }
}

/** What a deletion changes in an object that waits for its finalizers. */
function endOf({ resourceVersion, deletionTimestamp, finalizers }: ObjectMeta): Partial<ObjectMeta> {
  return {
    ...(resourceVersion ? { resourceVersion } : {}),
    ...(deletionTimestamp ? { deletionTimestamp } : {}),
    ...(finalizers ? { finalizers } : {}),
  };
}
