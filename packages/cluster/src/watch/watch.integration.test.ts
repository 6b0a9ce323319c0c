import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMapIn, faultyClient, relayedClient, sharedClient } from '../test-support/clients.ts';
import { statusBody } from '../test-support/fault-proxy.ts';
import type { KubeClient } from '../types.ts';

let direct: KubeClient;
let namespace: TestNamespace;
const quick = { backoff: { baseMs: 10, maxMs: 100 }, unreachableMs: 100 };
const refTo = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name });

beforeAll(async () => {
  direct = await sharedClient();
}, 600_000);

afterAll(async () => {
  await direct?.close();
});

/** Watches the ConfigMaps of a new namespace, but for the one that Kubernetes puts there. */
async function watchAll(client: KubeClient) {
  namespace = await testNamespace(direct, 'watch');
  await eventually(() => direct.find(refTo('kube-root-ca.crt')), { what: 'the root certificate' });
  const stop = new AbortController();
  const events: string[] = [];
  const errors: unknown[] = [];
  let synced = 0;
  const ended = client.watch(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name },
    {
      onEvent: ({ type, object }) => events.push(`${type} ${object.metadata.name}`),
      onSynced: () => {
        synced += 1;
      },
      onError: (error) => errors.push(error),
      signal: stop.signal,
    },
  );
  await eventually(() => synced === 1, { what: 'the first list' });
  events.length = 0;
  const { name } = namespace;
  return {
    events,
    errors,
    synced: () => synced,
    create: (object: string) => direct.create(configMapIn(name, object)),
    remove: (object: string) => direct.delete(refTo(object), { propagationPolicy: 'Background' }),
    seen: (event: string) => eventually(() => events.includes(event), { what: event, intervalMs: 5 }),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
      await namespace[Symbol.asyncDispose]();
    },
  };
}

describe('a watch', () => {
  it('tells of creation, change and deletion as they happen', async () => {
    await using watched = await watchAll(direct);
    await watched.create('a');
    await direct.patch(refTo('a'), { data: { key: 'new' } }, { type: 'merge' });
    await watched.remove('a');
    await watched.seen('DELETED a');
    expect(watched.events).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('goes on after its connection was cut, without a second list', async () => {
    await using relayed = await relayedClient({ watchTiming: quick });
    await using watched = await watchAll(relayed.client);
    relayed.relay.block();
    await watched.create('while-cut');
    await eventually(() => watched.errors.length > 0, { what: 'an error while nobody answers' });
    relayed.relay.open();
    await watched.seen('ADDED while-cut');
    expect(watched.synced()).toBe(2);
    expect(relayed.client.requestCounts()['list']).toBe(1);
  });

  it('gives a cut that heals at once no word', async () => {
    await using relayed = await relayedClient({ watchTiming: quick });
    await using watched = await watchAll(relayed.client);
    relayed.relay.cut();
    await watched.create('after-cut');
    await watched.seen('ADDED after-cut');
    expect(watched.errors).toEqual([]);
  });

  it('replaces a connection that has gone silent', async () => {
    await using relayed = await relayedClient({ watchTiming: { ...quick, silenceMs: 1_000 } });
    await using watched = await watchAll(relayed.client);
    relayed.relay.freeze();
    await watched.create('while-frozen');
    await watched.seen('ADDED while-frozen');
  });

  it('lists again when its position is gone, and tells what it missed, deletions included', async () => {
    await using faulty = await faultyClient({ watchTiming: quick });
    await using watched = await watchAll(faulty.client);
    await watched.create('stays');
    await watched.create('changes');
    await watched.create('goes');
    await watched.create('returns');
    await watched.seen('ADDED returns');
    watched.events.length = 0;
    let watches = 0;
    faulty.proxy.onRequest = (_method, path) => {
      if (!path.includes('watch=1')) return undefined;
      watches += 1;
      if (watches > 1) return undefined;
      const gone = { type: 'ERROR', object: JSON.parse(statusBody(410, 'Expired', 'too old resource version')) };
      return { status: 200, body: `${JSON.stringify(gone)}\n` };
    };
    const meanwhile = async () => {
      await direct.patch(refTo('changes'), { data: { key: 'new' } }, { type: 'merge' });
      await watched.remove('goes');
      await watched.remove('returns');
      await watched.create('returns');
      await watched.create('comes');
    };
    await faulty.proxy.pauseWatches(meanwhile);
    await watched.seen('DELETED goes');
    expect([...watched.events].sort()).toEqual([
      'ADDED comes',
      'ADDED returns',
      'DELETED goes',
      'DELETED returns',
      'MODIFIED changes',
    ]);
    expect(faulty.client.requestCounts()['list']).toBe(2);
    expect(watched.errors).toEqual([]);
  });

  it('says that it fails, and recovers', async () => {
    await using faulty = await faultyClient({ watchTiming: quick });
    faulty.proxy.onRequest = (_method, path) =>
      path.includes('/configmaps') && faulty.proxy.requests.length < 8
        ? { status: 403, body: statusBody(403, 'Forbidden', 'configmaps is forbidden') }
        : undefined;
    await using watched = await watchAll(faulty.client);
    expect(watched.errors[0]).toMatchObject({ code: 'KUBE_FORBIDDEN', message: 'configmaps is forbidden' });
  });

  it('ends without a word when its client is closed', async () => {
    const client = await sharedClient({ watchTiming: quick });
    const errors: unknown[] = [];
    const synced = Promise.withResolvers<void>();
    const ended = client.watch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default' },
      {
        onEvent: () => {},
        onSynced: synced.resolve,
        onError: (error) => errors.push(error),
        signal: new AbortController().signal,
      },
    );
    await synced.promise;
    await client.close();
    await ended;
    expect(errors).toEqual([]);
  });
});
