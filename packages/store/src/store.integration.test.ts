import { createMetrics, silentLogger } from '@plumbline/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer, until } from './redis-server.ts';
import { sealKeyFrom } from './seal.ts';
import { createStore } from './store.ts';
import type { Store } from './types.ts';

const metrics = createMetrics({ processMetrics: false });
let server: RedisServer;
let store: Store;

beforeAll(async () => {
  server = await RedisServer.create();
  const sealKey = sealKeyFrom('test');
  store = await createStore({ redisUrl: server.url, sealKey, logger: silentLogger, metrics, initiator: 'test' });
});
afterAll(async () => {
  await store.close();
  await server.stop();
});

it('counts together with other processes, for a time that begins anew with each count', async () => {
  const other = await createStore({ redisUrl: server.url, sealKey: sealKeyFrom('test'), logger: silentLogger });
  expect(await store.counters.get('failures:a')).toBe(0);
  const sums = await Promise.all(
    [store, other, store, other].map(({ counters }) => counters.increment('failures:a', 60_000)),
  );
  expect(sums.sort()).toEqual([1, 2, 3, 4]);
  expect(await other.counters.get('failures:a')).toBe(4);
  await other.counters.delete('failures:a');
  await store.counters.increment('failures:a', 20);
  await until('the end of the count', async () => (await store.counters.get('failures:a')) === 0);
  await other.close();
});

describe('the sealed cache', () => {
  const key = 'manifests:1';
  const stored = `plumb:sealed:${key}`;

  it('gives back the bytes, and Redis holds none of them in the clear', async () => {
    const value = Buffer.from('very secret '.repeat(1_000));
    await store.sealed.set(key, value, 60);
    expect(await store.sealed.get(key)).toEqual(value);
    expect(await store.sealed.has(key)).toBe(true);
    const [raw, ttl] = await server.use(
      async (redis) => [await redis.getBuffer(stored), await redis.ttl(stored)] as const,
    );
    expect(raw?.includes('secret')).toBe(false);
    expect(raw?.length).toBeLessThan(200);
    expect(ttl).toBeGreaterThan(50);
  });

  it('forgets what is deleted', async () => {
    await store.sealed.set(key, Buffer.from('x'), 60);
    await store.sealed.delete(key);
    expect(await store.sealed.get(key)).toBeUndefined();
    expect(await store.sealed.has(key)).toBe(false);
  });

  it('takes a value that was tampered with for a miss and drops it', async () => {
    await store.sealed.set(key, Buffer.from('x'), 60);
    await server.use(async (redis) => {
      const raw = await redis.getBuffer(stored);
      raw?.writeUInt8(raw.readUInt8(raw.length - 1) ^ 1, raw.length - 1);
      await redis.set(stored, raw ?? '');
    });
    expect(await store.sealed.get(key)).toBeUndefined();
    expect(await store.sealed.has(key)).toBe(false);
  });

  it('takes a value that was moved from another key for a miss', async () => {
    await store.sealed.set('manifests:other', Buffer.from('x'), 60);
    await server.use((redis) => redis.copy('plumb:sealed:manifests:other', stored));
    expect(await store.sealed.get(key)).toBeUndefined();
  });

  it('takes a value of another key of the seal for a miss', async () => {
    const options = { redisUrl: server.url, sealKey: sealKeyFrom('another'), logger: silentLogger };
    const other = await createStore(options);
    await other.sealed.set(key, Buffer.from('x'), 60);
    await other.close();
    expect(await store.sealed.get(key)).toBeUndefined();
  });
});

describe('the JSON cache', () => {
  it('gives back values, whole numbers of 64 bits included', async () => {
    const value = { list: [1, 'two', null], big: 9007199254740993n };
    await store.json.set('a:b', value, 60);
    expect(await store.json.get('a:b')).toEqual(value);
    await store.json.delete('a:b');
    expect(await store.json.get('a:b')).toBeUndefined();
  });

  it('takes what is no JSON for a miss', async () => {
    await server.use((redis) => redis.set('plumb:json:broken', '{'));
    expect(await store.json.get('broken')).toBeUndefined();
  });
});

describe('pub/sub', () => {
  it('reaches every listener of a channel until it leaves', async () => {
    const heard: unknown[] = [];
    const leave = await store.pubsub.subscribe('a', (message) => heard.push(['first', message]));
    await store.pubsub.subscribe('a', () => {
      throw new Error('a listener that fails harms no other');
    });
    const leaveSecond = await store.pubsub.subscribe('a', (message) => heard.push(['second', message]));
    await store.pubsub.publish('a', { n: 1 });
    await until('both', () => heard.length === 2);
    await leave();
    await store.pubsub.publish('a', { n: 2 });
    await until('the second', () => heard.length === 3);
    await leaveSecond();
    expect(heard).toEqual([
      ['first', { n: 1 }],
      ['second', { n: 1 }],
      ['second', { n: 2 }],
    ]);
  });

  it('hears again after a restart of Redis', async () => {
    const heard: unknown[] = [];
    await store.pubsub.subscribe('restart', (message) => heard.push(message));
    await server.stop();
    await server.start();
    await until('a message', async () => {
      await store.pubsub.publish('restart', 'hello');
      return heard.length > 0;
    });
    expect(heard[0]).toBe('hello');
  });
});

it('requests to Redis are counted', async () => {
  await store.ping();
  const text = await metrics.text();
  expect(text).toMatch(/argocd_redis_request_total\{hostname="[^"]+",initiator="test",command="ping",failed="false"\}/);
  for (const name of ['argocd_redis_request_duration_count', 'argocd_redis_request_duration_seconds_count'])
    expect(text).toMatch(new RegExp(`${name}\\{hostname="[^"]+",initiator="test"\\}`));
});
