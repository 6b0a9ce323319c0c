import { hasCode } from '@plumbline/errors';
import { type KubeObject, parseJson } from '@plumbline/manifests';
import type { Resolve } from '../discovery/discovery.ts';
import type { Transport } from '../transport/transport.ts';
import type { KnownObject, KubeClient } from '../types.ts';
import { objectId } from './known-objects.ts';
import { listPages } from './lists.ts';
import { objectPath } from './paths.ts';

/** A list of metadata; a server that does not know it answers with whole objects. */
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** A list that was interrupted starts again with nothing. */
function collectItems() {
  const items: KubeObject[] = [];
  const onStart = () => {
    items.length = 0;
  };
  const onPage = (page: KubeObject[]) => {
    for (const item of page) items.push(item);
  };
  return { items, sink: { onStart, onPage } };
}

function collectIdentities() {
  const objects = new Map<string, KnownObject>();
  const onPage = (page: KubeObject[]) => {
    for (const object of page) {
      const { uid = '', resourceVersion = '' } = object.metadata;
      objects.set(objectId(object), { uid, resourceVersion });
    }
  };
  return { objects, sink: { onStart: () => objects.clear(), onPage } };
}

/** The reading part of a client. */
export function createReader(
  transport: Transport,
  resolve: Resolve,
): Pick<KubeClient, 'get' | 'find' | 'list' | 'identities'> {
  const get: KubeClient['get'] = async (ref, options) => {
    const path = objectPath(await resolve(ref), ref);
    const call = { verb: 'get', method: 'GET', path, signal: options?.signal, retry: 'idempotent' } as const;
    return parseJson((await transport.send(call)).text) as KubeObject;
  };
  return {
    get,
    find: async (ref, options) => {
      try {
        return await get(ref, options);
      } catch (error) {
        if (hasCode(error, 'KUBE_NOT_FOUND')) return null;
        throw error;
      }
    },
    list: async (kind, options) => {
      const { items, sink } = collectItems();
      const request = { ...options, namespace: kind.namespace, retry: 'idempotent', sink } as const;
      const resourceVersion = await listPages(transport, await resolve(kind), request);
      return { items, resourceVersion };
    },
    identities: async (kind, options) => {
      const { objects, sink } = collectIdentities();
      const common = { ...options, namespace: kind.namespace, retry: 'idempotent' } as const;
      const request = { ...common, accept: metadataOnly, sink };
      const resourceVersion = await listPages(transport, await resolve(kind), request);
      return { objects, resourceVersion };
    },
  };
}
