import type { KubeObject } from '@plumbline/manifests';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMapIn, relayedClient, sharedClient } from '../test-support/clients.ts';
import { customKind } from '../test-support/crds.ts';
import { startLive, trackedIn } from '../test-support/live.ts';
import type { KubeClient } from '../types.ts';
import type { LiveState } from './types.ts';

const asDisposable = (state: LiveState) => ({ ...state, [Symbol.asyncDispose]: () => state.close() });
const background = { propagationPolicy: 'Background' } as const;

let client: KubeClient;
let live: LiveState;
let namespace: TestNamespace;

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'kinds');
  live = startLive(client);
  await live.ready();
}, 600_000);

afterAll(async () => {
  await live?.close();
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

const tracked = (application: string, object: KubeObject) => trackedIn(namespace.name, application, object);
const inNamespace = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: namespace.name },
});
const refOfMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name });

describe('namespaced mode', () => {
  it('looks only at the namespaces that it is given, and at nothing cluster-scoped', async () => {
    const [own, other] = [await testNamespace(client, 'own'), await testNamespace(client, 'other')];
    await using narrow = asDisposable(startLive(client, { namespaces: [own.name, namespace.name] }));
    await narrow.ready();
    const keyOf = (place: string, name: string) => ({ group: '', kind: 'ConfigMap', namespace: place, name });
    for (const place of [other.name, own.name, namespace.name]) {
      await client.create(configMapIn(place, 'seen'));
    }
    await eventually(() => narrow.get(keyOf(own.name, 'seen')), { what: 'the object of the first namespace' });
    await eventually(() => narrow.get(keyOf(namespace.name, 'seen')), { what: 'the object of the second one' });
    expect(narrow.get(keyOf(other.name, 'seen'))).toBeUndefined();
    expect(narrow.get({ group: '', kind: 'Namespace', namespace: '', name: own.name })).toBeUndefined();
    expect(narrow.failures().size).toBe(0);
    await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: own.name, name: 'seen' }, background);
    await eventually(() => !narrow.get(keyOf(own.name, 'seen')), { what: 'the deletion' });
    expect(narrow.get(keyOf(namespace.name, 'seen'))).toBeDefined();
    await own[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  it('looks at cluster-scoped objects where that is asked for', async () => {
    await using narrow = asDisposable(startLive(client, { namespaces: [namespace.name], clusterResources: true }));
    await narrow.ready();
    expect(narrow.get({ group: '', kind: 'Namespace', namespace: '', name: namespace.name })).toBeDefined();
  });
});

describe('kinds', () => {
  it('come with their CRD and go with it', async () => {
    const gizmo = customKind('Gizmo');
    await client.create(gizmo.definition);
    await live.ensureWatched(gizmo);
    const object = inNamespace({ apiVersion: gizmo.apiVersion, kind: 'Gizmo', metadata: { name: 'g' }, spec: {} });
    await client.create(tracked('gizmos', object));
    const key = { group: gizmo.group, kind: 'Gizmo', namespace: namespace.name, name: 'g' };
    await eventually(() => live.get(key), { what: 'the object of the new kind' });
    const { kinds } = live.stats();
    await client.delete(gizmo.ref, background);
    await eventually(() => live.stats().kinds === kinds - 1, { what: 'the kind to go' });
    expect(live.get(key)).toBeUndefined();
    expect(live.failures().size).toBe(0);
  });

  it('are found without being asked for', async () => {
    const widget = customKind('Widget', { scope: 'Cluster' });
    await client.create(widget.definition);
    const object = { apiVersion: widget.apiVersion, kind: 'Widget', metadata: { name: 'w' }, spec: {} };
    await eventually(() => client.create(object), { what: 'the kind to be served' });
    const key = { group: widget.group, kind: 'Widget', namespace: '', name: 'w' };
    await eventually(() => live.get(key), { what: 'the object', timeoutMs: 5_000 });
    await client.delete(widget.ref, background);
  });

  it('that cannot be listed are named, hold nothing up, and are taken up once they work', async () => {
    const broken = customKind('Broken', { versions: ['v1', 'v2'] });
    await client.create(broken.definition);
    const object = inNamespace({ apiVersion: broken.apiVersion, kind: 'Broken', metadata: { name: 'b' }, spec: {} });
    await eventually(() => client.create(object), { what: 'the kind to be served' });
    const webhook = { clientConfig: { url: 'https://127.0.0.1:9/convert' }, conversionReviewVersions: ['v1'] };
    await client.patch(broken.ref, { spec: { conversion: { strategy: 'Webhook', webhook } } }, { type: 'merge' });
    const name = `${broken.group}/Broken`;
    const other = await sharedClient({ watchTiming: { backoff: { baseMs: 50, maxMs: 200 } } });
    const fresh = startLive(other);
    await eventually(
      async () => {
        await fresh.ready();
        return fresh.failures().get(name)?.includes('conversion webhook');
      },
      { what: 'the failure' },
    );
    expect(fresh.stats().objects).toBeGreaterThan(100);
    const repair = { spec: { conversion: { strategy: 'None', webhook: null } } };
    await client.patch(broken.ref, repair, { type: 'merge' });
    const key = { group: broken.group, kind: 'Broken', namespace: namespace.name, name: 'b' };
    await eventually(() => fresh.get(key), { what: 'the object' });
    await eventually(() => fresh.failures().size === 0, { what: 'no failure' });
    await fresh.close();
    await other.close();
    await client.delete(broken.ref, background);
  });
});

describe('a lost connection', () => {
  it('is made up for, deletions included', async () => {
    await using relayed = await relayedClient({ watchTiming: { unreachableMs: 100 } });
    const other = startLive(relayed.client);
    await client.create(tracked('lost', configMapIn(namespace.name, 'goes')));
    await client.create(tracked('lost', configMapIn(namespace.name, 'changes')));
    await other.ready();
    await eventually(() => other.managedBy('lost').length === 2, { what: 'both objects' });
    relayed.relay.block();
    await client.delete(refOfMap('goes'), background);
    await client.patch(refOfMap('changes'), { data: { key: 'new' } }, { type: 'merge' });
    await eventually(() => other.failures().size > 10, { what: 'failures' });
    relayed.relay.open();
    await eventually(() => other.managedBy('lost').length === 1, { what: 'the deletion' });
    await eventually(() => other.managedBy('lost')[0]?.object?.['data'], { what: 'the change' });
    await eventually(() => other.failures().size === 0, { what: 'no failures' });
    await other.close();
  });
});
