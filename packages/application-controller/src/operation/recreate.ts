import type { KubeClient, LiveState } from '@plumbline/cluster';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { refOf } from '../object-ref.ts';

const goneMs = 30_000;
const pollMs = 50;

export interface Recreation {
  client: KubeClient;
  live: LiveState;
  /** How the object is made again. */
  make(object: KubeObject): Promise<KubeObject>;
}

/** Deletes an object that cannot be changed in place and creates it anew, as `Force` asks (reference §2.3). */
export async function recreate(object: KubeObject, { client, live, make }: Recreation): Promise<KubeObject> {
  const key = keyOf(object);
  const ref = refOf(key, object.apiVersion);
  const former = await client.find(ref);
  if (former) {
    try {
      await client.delete(ref, {
        propagationPolicy: 'Background',
        ...(former.metadata.uid ? { uid: former.metadata.uid } : {}),
      });
    } catch (error) {
      if (!hasCode(error, 'KUBE_NOT_FOUND')) throw error;
    }
    live.forget(key, former.metadata.uid ?? '');
  }
  const deadline = performance.now() + goneMs;
  for (;;) {
    const left = await client.find(ref);
    if (!left || left.metadata.uid !== former?.metadata.uid) break;
    if (performance.now() > deadline) {
      const holders = left.metadata.finalizers?.join(', ') ?? 'none';
      throw new PlumblineError(
        'SYNC_RECREATE_STUCK',
        `${key.kind} ${key.name} does not go away after its deletion (finalizers: ${holders})`,
        { retry: 'transient' },
      );
    }
    await new Promise((done) => setTimeout(done, pollMs));
  }
  return make(object);
}
