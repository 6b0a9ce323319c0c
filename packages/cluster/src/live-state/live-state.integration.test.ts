import { ownAnnotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { deployment, eventually, never, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configMapIn, sharedClient } from '../test-support/clients.ts';
import { startLive, trackedIn } from '../test-support/live.ts';
import type { KubeClient } from '../types.ts';
import type { LiveChange, LiveState } from './types.ts';

const apply = { fieldManager: 'argocd-controller', force: true };
const background = { propagationPolicy: 'Background' } as const;

let client: KubeClient;
let live: LiveState;
let namespace: TestNamespace;
const changes: LiveChange[] = [];

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'live');
  await eventually(
    () => client.find({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: namespace.name, name: 'default' }),
    {
      what: 'the namespace to be ready',
    },
  );
  live = startLive(client);
  live.onChange((change) => changes.push(change));
  await live.ready();
}, 600_000);

beforeEach(() => {
  changes.length = 0;
});

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
const keyOfMap = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: namespace.name, name });
const refOfMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name });
const told = (application: string, managed?: boolean) =>
  changes.filter((change) => change.applications.has(application) && (managed ?? change.managed) === change.managed);

describe('live state', () => {
  it('is ready after one list and one watch per kind', async () => {
    const counted = await sharedClient();
    const other = startLive(counted);
    await other.ready();
    const { kinds, objects } = other.stats();
    expect(other.failures()).toEqual(new Map());
    expect(kinds).toBeGreaterThan(40);
    expect(objects).toBeGreaterThan(100);
    await eventually(() => counted.requestCounts()['watch'] === kinds, { what: 'all watches' });
    expect(counted.requestCounts()).toEqual({ discovery: 2, list: kinds, watch: kinds });
    await other.close();
    await counted.close();
  });

  it('holds managed objects whole and only facts of others', async () => {
    await client.create(tracked('whole', configMapIn(namespace.name, 'mine')));
    await client.create(configMapIn(namespace.name, 'other'));
    const mine = await eventually(() => live.get(keyOfMap('mine')), { what: 'mine' });
    const other = await eventually(() => live.get(keyOfMap('other')), { what: 'other' });
    expect(mine).toMatchObject({ application: 'whole', object: { data: { key: 'value' } } });
    expect(mine.object?.metadata.managedFields).toBeDefined();
    expect(other).toMatchObject({ application: undefined, object: undefined, owners: [] });
    const hook = configMapIn(namespace.name, 'hook');
    await client.create({
      ...hook,
      metadata: { ...hook.metadata, annotations: { [ownAnnotations.hookRun]: 'PreSync-1' } },
    });
    const marked = await eventually(() => live.get(keyOfMap('hook')), { what: 'hook' });
    expect(marked).toMatchObject({ application: undefined, object: { data: { key: 'value' } } });
    expect(live.managedBy('whole')).toEqual([mine]);
    expect(live.orphans(namespace.name).map(({ key }) => key.name)).toContain('other');
    expect(live.orphans(namespace.name)).not.toContain(mine);
    expect(told('whole', true)).toHaveLength(1);
  });

  it('never watches events and leases', () => {
    const lease = { group: 'coordination.k8s.io', kind: 'Lease', namespace: 'kube-system', name: 'kube-apiserver' };
    expect(live.get(lease)).toBeUndefined();
  });

  it('shows what a workload owns, with health, images and facts', async () => {
    const created = await client.create(tracked('tree', inNamespace(deployment('web', 'registry.example/web:7'))));
    const uid = String(created.metadata.uid);
    const below = () => live.descendants(uid).map(({ key }) => key.kind);
    await eventually(() => below().includes('Pod'), { what: 'the pod' });
    expect(below().slice(0, 2)).toEqual(['ReplicaSet', 'Pod']);
    const pod = () => live.descendants(uid).find(({ key }) => key.kind === 'Pod');
    await eventually(() => pod()?.health?.status === 'Healthy', { what: 'the healthy pod' });
    expect(pod()).toMatchObject({ images: ['registry.example/web:7'], object: undefined });
    expect(pod()?.networkingInfo?.labels).toMatchObject({ app: 'web' });
    expect(pod()?.info).toEqual(
      expect.arrayContaining([
        { name: 'Status Reason', value: 'Running' },
        { name: 'Containers', value: '1/1' },
      ]),
    );
    expect(live.descendants(uid)[0]?.info).toEqual([{ name: 'Revision', value: 'Rev:1' }]);
    expect(told('tree', false).flatMap(({ keys }) => keys.map(({ kind }) => kind))).toContain('Pod');
    await eventually(() => live.managedBy('tree')[0]?.health?.status === 'Healthy', { what: 'the healthy deployment' });
  });

  it('finds the claims of a StatefulSet and the children of cluster-scoped objects', async () => {
    const labels = { app: 'db' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'example/db:1' }] } };
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } };
    const set = await client.create(
      tracked(
        'claims',
        inNamespace({
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: { name: 'db' },
          spec: {
            replicas: 1,
            serviceName: 'db',
            selector: { matchLabels: labels },
            template,
            volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
          },
        }),
      ),
    );
    const below = () => live.descendants(String(set.metadata.uid)).map(({ key }) => `${key.kind} ${key.name}`);
    await eventually(() => below().includes('PersistentVolumeClaim data-db-0'), { what: 'the claim' });
    const space = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace.name });
    const owner = { apiVersion: 'v1', kind: 'Namespace', name: namespace.name, uid: String(space.metadata.uid) };
    const child = configMapIn(namespace.name, 'child');
    await client.create({ ...child, metadata: { ...child.metadata, ownerReferences: [owner] } });
    await eventually(() => live.get(keyOfMap('child')), { what: 'the child' });
    const [found] = live.descendants(owner.uid);
    expect(found?.owners).toEqual([
      { uid: owner.uid, version: 'v1', key: { group: '', kind: 'Namespace', namespace: '', name: namespace.name } },
    ]);
  });

  it('tells of drift within moments', async () => {
    await client.apply(tracked('drift', configMapIn(namespace.name, 'drift')), apply);
    await eventually(() => live.get(keyOfMap('drift')), { what: 'the object' });
    changes.length = 0;
    const startedAt = performance.now();
    await client.patch(refOfMap('drift'), { data: { key: 'drifted' } }, { type: 'merge' });
    await eventually(() => told('drift', true).length > 0, { what: 'the change', intervalMs: 1 });
    expect(performance.now() - startedAt).toBeLessThan(250);
  });

  it('names the application of a managed object that is deleted', async () => {
    await client.apply(tracked('deletion', configMapIn(namespace.name, 'deleted')), apply);
    await eventually(() => live.get(keyOfMap('deleted')), { what: 'the object' });
    changes.length = 0;
    await client.delete(refOfMap('deleted'), background);
    await eventually(() => told('deletion', true).length > 0, { what: 'the change' });
    expect(live.get(keyOfMap('deleted'))).toBeUndefined();
    expect(live.managedBy('deletion')).toEqual([]);
  });

  it('names both applications when an object passes from one to the other', async () => {
    await client.apply(tracked('from', configMapIn(namespace.name, 'passed')), apply);
    await eventually(() => told('from').length > 0, { what: 'the object' });
    changes.length = 0;
    await client.apply(tracked('to', configMapIn(namespace.name, 'passed')), apply);
    await eventually(() => told('to', true).length > 0 && told('from', true).length > 0, { what: 'both' });
  });
});

describe('our own writes', () => {
  it('are seen at once and told once', async () => {
    const written = await client.apply(tracked('own', configMapIn(namespace.name, 'own')), apply);
    const node = live.observe(written);
    expect(live.get(keyOfMap('own'))).toEqual(node);
    await eventually(() => told('own').length === 1, { what: 'the change' });
    await never(() => told('own').length > 1, { what: 'a second change', forMs: 500 });
  });

  it('are not undone by events from before them', async () => {
    await client.apply(tracked('order', configMapIn(namespace.name, 'order', { n: '0' })), apply);
    await eventually(() => live.get(keyOfMap('order')), { what: 'the object' });
    for (const n of ['1', '2', '3']) {
      live.observe(await client.apply(tracked('order', configMapIn(namespace.name, 'order', { n })), apply));
    }
    const value = () => (live.get(keyOfMap('order'))?.object?.['data'] as { n?: string } | undefined)?.n;
    await never(() => value() !== '3', {
      what: 'an older value',
      forMs: 300,
    });
    expect(
      live.observe({
        ...configMapIn(namespace.name, 'order'),
        metadata: { ...live.get(keyOfMap('order'))?.object?.metadata, resourceVersion: '1' },
      }),
    ).toBe(live.get(keyOfMap('order')));
  });

  it('a forgotten object stays forgotten', async () => {
    const written = await client.apply(tracked('gone', configMapIn(namespace.name, 'gone')), apply);
    live.observe(written);
    await client.delete(refOfMap('gone'), background);
    live.forget(keyOfMap('gone'), String(written.metadata.uid));
    await never(() => live.get(keyOfMap('gone')), { what: 'the object again', forMs: 300 });
    await client.apply(tracked('gone', configMapIn(namespace.name, 'gone')), apply);
    await eventually(() => live.get(keyOfMap('gone')), { what: 'a new object of that name' });
  });
});

describe('Secrets', () => {
  it('never show a value, equal values stay equal', async () => {
    const secret = (name: string, data: Record<string, string>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace: namespace.name,
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ stringData: data }) },
      },
      stringData: data,
    });
    const written = await client.apply(
      tracked('secrets', secret('s', { a: 'correct-horse', b: 'correct-horse', c: 'staple' })),
      apply,
    );
    await client.create(secret('unmanaged', { a: 'correct-horse' }));
    live.observe(written);
    const key = (name: string) => ({ group: '', kind: 'Secret', namespace: namespace.name, name });
    const other = await eventually(() => live.get(key('unmanaged')), { what: 'the other Secret' });
    const node = live.get(key('s'));
    const data = node?.object?.['data'] as Record<string, string>;
    expect(data['a']).toMatch(/^hmac:[\w-]{43}:0$/);
    expect(data['a']).toBe(data['b']);
    expect(data['a']).not.toBe(data['c']);
    for (const text of [JSON.stringify(node), JSON.stringify(other)]) {
      for (const clear of ['correct-horse', 'staple', Buffer.from('correct-horse').toString('base64')]) {
        expect(text).not.toContain(clear);
      }
    }
  });
});
