import { hasCode } from '@plumbline/errors';
import { createMetrics } from '@plumbline/telemetry';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMapIn, faultyClient, relayedClient, sharedClient } from './test-support/clients.ts';
import { statusBody } from './test-support/fault-proxy.ts';
import type { KubeClient } from './types.ts';

let client: KubeClient;
let namespace: TestNamespace;
const apply = { fieldManager: 'argocd-controller', force: false };
const refTo = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name });

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'client');
}, 600_000);

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

describe('objects', () => {
  it('are created, read, replaced, patched and deleted', async () => {
    const created = await client.create(configMapIn(namespace.name, 'crud'));
    expect(created.metadata.uid).toBeTruthy();
    await client.replace({ ...created, data: { key: 'replaced' } });
    await client.patch(refTo('crud'), { data: { more: 'merged' } }, { type: 'merge' });
    await client.patch(refTo('crud'), [{ op: 'add', path: '/data/last', value: 'json' }], { type: 'json' });
    expect((await client.get(refTo('crud')))['data']).toEqual({ key: 'replaced', more: 'merged', last: 'json' });
    await client.delete(refTo('crud'), { propagationPolicy: 'Background', uid: String(created.metadata.uid) });
    expect(await client.find(refTo('crud'))).toBeNull();
  });

  it('that wait for a finalizer come back from delete', async () => {
    const object = configMapIn(namespace.name, 'held');
    await client.create({ ...object, metadata: { ...object.metadata, finalizers: ['example.com/hold'] } });
    const left = await client.delete(refTo('held'), { propagationPolicy: 'Background' });
    expect(left?.metadata.deletionTimestamp).toBeTruthy();
    await client.patch(refTo('held'), { metadata: { finalizers: null } }, { type: 'merge' });
    expect(await client.find(refTo('held'))).toBeNull();
  });

  it('are listed over pages', async () => {
    for (const n of [1, 2, 3, 4, 5]) await client.create(configMapIn(namespace.name, `page-${n}`, { page: 'yes' }));
    const kind = { apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name };
    const { items, resourceVersion } = await client.list(kind, { limit: 2 });
    const names = items.map(({ metadata }) => metadata.name).filter((name) => name?.startsWith('page-'));
    expect(names).toEqual(['page-1', 'page-2', 'page-3', 'page-4', 'page-5']);
    expect(items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(Number(resourceVersion)).toBeGreaterThan(0);
  });

  it('keep whole numbers of 64 bits', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'numbers', namespace: namespace.name },
      spec: { containers: [{ name: 'a', image: 'example/a' }], securityContext: { runAsUser: 5, fsGroup: 5 } },
    };
    await client.create(object, { dryRun: true });
    const big = { ...object, spec: { ...object.spec, activeDeadlineSeconds: 9007199254740993n } };
    await expect(client.create(big, { dryRun: true })).rejects.toThrow('9007199254740993');
  });
});

describe('impersonation', () => {
  it('acts with the rights of the other user, who has none until he is given some', async () => {
    const user = `system:serviceaccount:${namespace.name}:deployer`;
    const acting = client.impersonate(user);
    const create = (name: string) => acting.create(configMapIn(namespace.name, name));
    await expect(create('refused')).rejects.toMatchObject({
      code: 'KUBE_FORBIDDEN',
      message: expect.stringContaining(user),
    });
    const rbac = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'deployer', namespace: namespace.name },
    };
    await client.create({
      ...rbac,
      kind: 'Role',
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create'] }],
    });
    await client.create({
      ...rbac,
      kind: 'RoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace: namespace.name }],
    });
    await eventually(() => create('allowed').catch(() => undefined), { what: 'the right to hold' });
    await expect(acting.get(refTo('allowed'))).rejects.toMatchObject({ code: 'KUBE_FORBIDDEN' });
    expect(await client.find(refTo('allowed'))).not.toBeNull();
  });
});

describe('server-side apply', () => {
  it('creates and changes; a dry run stores nothing', async () => {
    const dry = await client.apply(configMapIn(namespace.name, 'applied'), { ...apply, dryRun: true });
    expect(dry.metadata.name).toBe('applied');
    expect(await client.find(refTo('applied'))).toBeNull();
    await client.apply(configMapIn(namespace.name, 'applied'), apply);
    const changed = await client.apply(configMapIn(namespace.name, 'applied', { key: 'new' }), apply);
    expect(changed['data']).toEqual({ key: 'new' });
    expect(changed.metadata.managedFields?.[0]).toMatchObject({ manager: 'argocd-controller', operation: 'Apply' });
  });

  it('tells who owns the field in a conflict, and takes it over by force', async () => {
    await client.apply(configMapIn(namespace.name, 'owned'), { ...apply, fieldManager: 'someone' });
    const mine = configMapIn(namespace.name, 'owned', { key: 'mine' });
    const error = await client.apply(mine, apply).catch((caught: unknown) => caught);
    expect(hasCode(error, 'KUBE_CONFLICT') && error.message).toContain('conflict with "someone": .data.key');
    expect((await client.apply(mine, { ...apply, force: true }))['data']).toEqual({ key: 'mine' });
  });
});

describe('errors', () => {
  const rejected = async (call: () => Promise<unknown>) => {
    const error = await call().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    return error as { code: string; message: string; retry: string; details: Record<string, unknown> };
  };
  const service = (port: unknown) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'bad', namespace: namespace.name },
    spec: { ports: [{ port }] },
  });

  it.each([
    [
      'an invalid value',
      () => client.apply(service(700_000), apply),
      'KUBE_INVALID',
      'spec.ports[0].port: Invalid value',
    ],
    ['a wrong type', () => client.apply(service('eighty'), apply), 'KUBE_INVALID', 'expected numeric'],
    ['a missing object', () => client.get(refTo('none')), 'KUBE_NOT_FOUND', 'configmaps "none" not found'],
    [
      'a missing namespace',
      () => client.create(configMapIn('no-such-namespace', 'a')),
      'KUBE_NOT_FOUND',
      'namespaces "no-such-namespace" not found',
    ],
    [
      'a kind that the server lacks',
      () => client.get({ apiVersion: 'example.com/v1', kind: 'Nothing', name: 'a', namespace: 'default' }),
      'KUBE_NO_SUCH_KIND',
      'no kind "Nothing" in version "example.com/v1"',
    ],
    [
      'a namespaced object without namespace',
      () => client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
      'KUBE_INVALID',
      'v1 ConfigMap is namespaced',
    ],
    ['an unknown path', () => client.raw('GET', '/apis/none/v1'), 'KUBE_NO_SUCH_KIND', ''],
  ])('name %s in the words of the server', async (_what, call, code, message) => {
    const error = await rejected(call);
    expect(error).toMatchObject({ code, retry: 'terminal' });
    expect(error.message).toContain(message);
  });

  it('tell an existing object from a conflict', async () => {
    await client.create(configMapIn(namespace.name, 'twice'));
    expect(await rejected(() => client.create(configMapIn(namespace.name, 'twice')))).toMatchObject({
      code: 'KUBE_ALREADY_EXISTS',
    });
    const object = configMapIn(namespace.name, 'twice');
    const outdated = { ...object, metadata: { ...object.metadata, resourceVersion: '1' } };
    expect(await rejected(() => client.replace(outdated))).toMatchObject({ code: 'KUBE_CONFLICT' });
  });

  it('refuse to delete an object that was replaced meanwhile', async () => {
    await client.create(configMapIn(namespace.name, 'replaced'));
    const uid = '00000000-0000-0000-0000-000000000000';
    const error = await rejected(() => client.delete(refTo('replaced'), { propagationPolicy: 'Background', uid }));
    expect(error.code).toBe('KUBE_CONFLICT');
  });

  it('never quote the values of a Secret', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: namespace.name },
      stringData: { pin: 83_746_251 },
    };
    const error = await rejected(() => client.apply(secret, apply));
    expect(error.message).toContain('.stringData.pin');
    expect(error.message).not.toContain('83746251');
  });
});

describe('requests', () => {
  it('are counted by verb, also as a metric', async () => {
    const metrics = createMetrics({ processMetrics: false });
    const counted = await sharedClient({ metrics });
    expect(counted.requestCounts()).toEqual({ discovery: 2 });
    await counted.apply(configMapIn(namespace.name, 'counted'), apply);
    await counted.apply(configMapIn(namespace.name, 'counted'), { ...apply, dryRun: true });
    await counted.find(refTo('none'));
    expect(counted.requestCounts()).toEqual({ discovery: 2, apply: 1, 'apply-dry-run': 1, get: 1 });
    expect(await metrics.text()).toContain('plumbline_kube_requests_total{verb="get",code="404"} 1');
    await counted.close();
  });

  it('are sent again after 429 and 503, with the waiting time that the server asks for', async () => {
    await using faulty = await faultyClient();
    const faults = [429, 503];
    faulty.proxy.onRequest = (_method, path) => {
      const status = path.includes('/configmaps/again') ? faults.shift() : undefined;
      return status ? { status, body: statusBody(status, '', 'busy'), headers: { 'retry-after': '1' } } : undefined;
    };
    const startedAt = performance.now();
    await faulty.client.apply(configMapIn(namespace.name, 'again'), apply);
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
    expect(faulty.client.requestCounts()['apply']).toBe(3);
  });

  it('that are not idempotent are not repeated after 503', async () => {
    await using faulty = await faultyClient();
    faulty.proxy.onRequest = (method) =>
      method === 'POST' ? { status: 503, body: statusBody(503, 'ServiceUnavailable', 'down') } : undefined;
    const error = await rejectedCode(() => faulty.client.create(configMapIn(namespace.name, 'once')));
    expect(error).toBe('KUBE_UNAVAILABLE');
    expect(faulty.client.requestCounts()['create']).toBe(1);
  });

  it('start again where the continue token of a list has expired', async () => {
    await using faulty = await faultyClient();
    let expired = false;
    faulty.proxy.onRequest = (_method, path) => {
      if (expired || !path.includes('continue=')) return undefined;
      expired = true;
      return { status: 410, body: statusBody(410, 'Expired', 'The provided continue parameter is too old') };
    };
    for (const n of [1, 2, 3]) await client.create(configMapIn(namespace.name, `expire-${n}`));
    const { items } = await faulty.client.list(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name },
      { limit: 2 },
    );
    const names = items.map(({ metadata }) => metadata.name);
    expect(expired).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['expire-1', 'expire-2', 'expire-3']));
  });

  it('share connections, also after deletes with conditions', async () => {
    await using relayed = await relayedClient();
    const { client: through, relay } = relayed;
    const names = ['again-1', 'again-2', 'again-3', 'again-4'];
    const remove = async (name: string) => {
      const { metadata } = await through.create(configMapIn(namespace.name, name));
      await through.delete(refTo(name), { propagationPolicy: 'Background', uid: String(metadata.uid) });
    };
    await remove('again-0');
    const before = relay.connections;
    for (const name of names) await remove(name);
    expect(relay.connections).toBe(before);
  });

  it('end when their signal aborts', async () => {
    const stop = new AbortController();
    const reading = client.get(refTo('none'), { signal: stop.signal });
    stop.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});

async function rejectedCode(call: () => Promise<unknown>): Promise<unknown> {
  return call().then(
    () => undefined,
    (error: unknown) => (error as { code?: unknown }).code,
  );
}
