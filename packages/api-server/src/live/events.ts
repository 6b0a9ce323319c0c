import type { KubeClient } from '@plumbline/cluster';
import type { EventList } from '@plumbline/protocol';
import { findApplication } from '../applications/lookup.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { Call } from '../http/mount.ts';
import { treeNode } from './live-object.ts';
import type { LiveParts } from './live-parts.ts';

interface About {
  client: KubeClient;
  namespace: string;
  uid: string;
  name: string;
}

async function about(parts: LiveParts, { params, query, signal, rights }: Call<'listEvents'>): Promise<About> {
  const { resourceName, resourceNamespace = '', resourceUID, ...rest } = query;
  const app = await findApplication(parts, { name: params.name, ...rest, rights });
  const namespace = app.metadata.namespace ?? parts.namespace;
  if (!resourceName && !resourceUID) {
    return { client: parts.client, namespace, uid: app.metadata.uid ?? '', name: app.metadata.name };
  }
  const node = await treeNode(parts, app, {
    fits: ({ uid, name, namespace: place = '' }) =>
      uid === resourceUID && name === resourceName && place === resourceNamespace,
    signal,
  });
  if (!node) {
    const problem = `${resourceName} not found as part of application ${app.metadata.name}`;
    throw apiFailure('InvalidArgument', problem);
  }
  const client = await parts.clusters.of(app);
  return { client, namespace: resourceNamespace, uid: node.uid, name: node.name };
}

/** Kubernetes events of an Application, or of an object of its tree; others are refused. */
export async function listEvents(parts: LiveParts, call: Call<'listEvents'>): Promise<EventList> {
  const { client, namespace, uid, name } = await about(parts, call);
  const fieldSelector = `involvedObject.uid=${uid},involvedObject.name=${name}`;
  const kind = { apiVersion: 'v1', kind: 'Event', ...(namespace ? { namespace } : {}) };
  const { items, resourceVersion } = await client.list(kind, { fieldSelector, signal: call.signal });
  return { metadata: { resourceVersion }, items: [...items] };
}
