import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configMapIn, faultyClient, relayedClient, sharedClient } from '../test-support/clients.ts';
import { startLive, trackedIn } from '../test-support/live.ts';
import type { KubeClient } from '../types.ts';
import type { LiveState } from './types.ts';

let client: KubeClient;
let namespace: TestNamespace;

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'silent');
}, 600_000);

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

const soon = { watchTiming: { attentiveMs: 6_000, graceMs: 1_500 } };
const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name });
const keyOf = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: namespace.name, name });

function isNew(live: LiveState, name: string): boolean {
  const data = live.get(keyOf(name))?.object?.['data'] as Record<string, string> | undefined;
  return data?.['key'] === 'new';
}

it('a watch of managed objects that falls silent alone is noticed when its stream does not end', async () => {
  await using faulty = await faultyClient(soon);
  const managed = trackedIn(namespace.name, 'quiet', configMapIn(namespace.name, 'alone'));
  await client.create(managed);
  const live = startLive(faulty.client);
  await live.ready();
  let silenced = '';
  faulty.proxy.onChunk = (bytes, path) => {
    if (path.includes('/configmaps?')) silenced ||= path;
    const streams = faulty.proxy.requests.filter((line) => line.endsWith(silenced)).length;
    return { bytes: path === silenced && streams === 1 ? Buffer.alloc(0) : bytes };
  };
  await client.patch(ref('alone'), { data: { key: 'new' } }, { type: 'merge' });
  await eventually(() => isNew(live, 'alone'), {
    what: 'the change that the silent watch has held back',
    timeoutMs: 20_000,
  });
  expect(silenced).not.toBe('');
  await live.close();
}, 60_000);

it('a connection that carries all watches and says nothing any more is replaced within 10 s', async () => {
  await using relayed = await relayedClient();
  const managed = trackedIn(namespace.name, 'quiet', configMapIn(namespace.name, 'frozen'));
  await client.create(managed);
  const live = startLive(relayed.client);
  await live.ready();
  // Requests have left idle connections behind, which are cut off as well.
  await Promise.all(Array.from({ length: 8 }, () => relayed.client.find(ref('frozen'))));
  relayed.relay.freeze();
  await client.patch(ref('frozen'), { data: { key: 'new' } }, { type: 'merge' });
  await eventually(() => isNew(live, 'frozen'), {
    what: 'the change behind the frozen connection',
    timeoutMs: 10_000,
  });
  await live.close();
}, 60_000);
