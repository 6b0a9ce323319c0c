import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';

const attempts = 4;

/** Puts the object in place of whatever version is live by now; makes it where there is none (`Replace=true`). */
export async function replaceObject(
  object: KubeObject,
  client: KubeClient,
  options: { dryRun?: boolean } = {},
): Promise<{ answer: KubeObject; verb: 'created' | 'replaced' }> {
  const ref = refOf(keyOf(object), object.apiVersion);
  for (let attempt = 1; ; attempt += 1) {
    const live = await client.find(ref);
    try {
      if (!live) return { answer: await client.create(object, { fieldManager, ...options }), verb: 'created' };
      const { resourceVersion = '' } = live.metadata;
      const sent = { ...object, metadata: { ...object.metadata, resourceVersion } };
      return { answer: await client.replace(sent, { fieldManager, ...options }), verb: 'replaced' };
    } catch (error) {
      const moved = ['KUBE_CONFLICT', 'KUBE_NOT_FOUND', 'KUBE_ALREADY_EXISTS'].some((code) => hasCode(error, code));
      if (!moved || attempt >= attempts) throw error;
    }
  }
}
