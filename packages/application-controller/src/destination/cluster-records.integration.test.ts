import { randomBytes } from 'node:crypto';
import { type ClusterRecord, clusterInvalidateChannel, clusterRecordKey } from '@plumbline/protocol';
import { createStore, type Store } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { eventually, sharedRedis } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepClusterRecords } from './cluster-records.ts';
import type { Destination } from './destinations.ts';

let store: Store;
beforeAll(async () => {
  const prefix = `records-${randomBytes(4).toString('hex')}`;
  store = await createStore({ redisUrl: await sharedRedis(), logger: silentLogger, sealKey: randomBytes(32), prefix });
}, 300_000);
afterAll(() => store.close());

const server = 'https://c.example';

/** A cluster of which two kinds are watched. */
function destination(failures: [string, string][] = []) {
  let audits = 0;
  const live = {
    stats: () => ({ kinds: 2, objects: 7 }),
    failures: () => new Map(failures),
    audit: async () => {
      audits += 1;
      return [];
    },
  };
  const client = { discovery: { apiVersions: () => ['v1', 'v1/Pod'] } };
  return { one: { server, kubeVersion: '1.36.1', live, client } as unknown as Destination, audits: () => audits };
}

const record = () => store.json.get<ClusterRecord>(clusterRecordKey(server));

it('tell what is known of a cluster, and read it again when they are asked to', async () => {
  const { one, audits } = destination();
  const stop = await keepClusterRecords({ store, connected: async () => [one], logger: silentLogger, everyMs: 50 });
  const first = await eventually(record, { what: 'the record' });
  expect(first).toMatchObject({
    serverVersion: '1.36.1',
    connection: { status: 'Successful' },
    cache: { resourcesCount: 7, apisCount: 2 },
    apiVersions: ['v1', 'v1/Pod'],
  });
  await store.pubsub.publish(clusterInvalidateChannel, { server: 'https://other.example' });
  await store.pubsub.publish(clusterInvalidateChannel, { server });
  const later = async () => (await record())?.cache.lastCacheSyncTime !== first.cache.lastCacheSyncTime;
  await eventually(later, { what: 'a later time of the cache' });
  expect(audits()).toBe(1);
  await stop();
});

it('say that a cluster of which every kind fails does not answer', async () => {
  const failures: [string, string][] = [
    ['a', 'connection refused'],
    ['b', 'connection refused'],
  ];
  const { one } = destination(failures);
  const stop = await keepClusterRecords({ store, connected: async () => [one], logger: silentLogger, everyMs: 50 });
  const failed = async () => (await record())?.connection.status === 'Failed';
  await eventually(failed, { what: 'the failure' });
  expect((await record())?.connection.message).toBe('connection refused');
  await stop();
});
