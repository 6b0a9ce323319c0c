import { hasCode } from '@plumbline/errors';
import { type KubeObject, parseJson } from '@plumbline/manifests';
import type { Resolve } from './discovery.ts';
import { listPages } from './lists.ts';
import { objectPath } from './paths.ts';
import type { Transport } from './transport.ts';
import type { KubeClient } from './types.ts';

/** The reading part of a client. */
export function createReader(transport: Transport, resolve: Resolve): Pick<KubeClient, 'get' | 'find' | 'list'> {
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
      let items: KubeObject[] = [];
      const sink = {
        onStart: () => {
          items = [];
        },
        onPage: (page: KubeObject[]) => {
          for (const item of page) items.push(item);
        },
      };
      const request = { ...options, namespace: kind.namespace, retry: 'idempotent', sink } as const;
      const resourceVersion = await listPages(transport, await resolve(kind), request);
      return { items, resourceVersion };
    },
  };
}
