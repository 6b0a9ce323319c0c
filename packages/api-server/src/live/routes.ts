import type { PatchType } from '@plumbline/cluster';
import { parseJson } from '@plumbline/manifests';
import { apiFailure } from '../http/api-failure.ts';
import type { Call, Mount } from '../http/mount.ts';
import { listEvents } from './events.ts';
import { liveObject, shownObject } from './live-object.ts';
import type { LiveParts } from './live-parts.ts';

/** Writes of users through the API have their own field manager: they are not part of what a sync owns. */
const fieldManager = 'argocd-server';

const patchTypes: Readonly<Record<Call<'patchResource'>['query']['patchType'], PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

function patchOf(body: Call<'patchResource'>['body']): unknown {
  if (typeof body !== 'string') return body;
  try {
    return parseJson(body);
  } catch (error) {
    throw apiFailure('InvalidArgument', 'the patch is not valid JSON', error);
  }
}

/** Reads, patches and deletes single live objects of an Application, and their events (reference §8.2). */
export function mountLive(mount: Mount, parts: LiveParts): void {
  const { sensitiveAnnotations } = parts;
  mount.call('getResource', async (call) => {
    const { client, ref } = await liveObject(parts, call);
    return { manifest: shownObject(await client.get(ref, { signal: call.signal }), sensitiveAnnotations()) };
  });
  mount.call('patchResource', async (call) => {
    const patch = patchOf(call.body);
    const { client, ref } = await liveObject(parts, { ...call, verb: 'update' });
    const type = patchTypes[call.query.patchType];
    const patched = await client.patch(ref, patch, { type, fieldManager, signal: call.signal });
    return { manifest: shownObject(patched, sensitiveAnnotations()) };
  });
  mount.call('deleteResource', async (call) => {
    const { force, orphan } = call.query;
    const { client, ref } = await liveObject(parts, { ...call, verb: 'delete' });
    const propagationPolicy = orphan ? ('Orphan' as const) : ('Foreground' as const);
    await client.delete(ref, {
      propagationPolicy,
      ...(force ? { gracePeriodSeconds: 0 } : {}),
      signal: call.signal,
    });
    return {};
  });
  mount.call('listEvents', (call) => listEvents(parts, call));
}
