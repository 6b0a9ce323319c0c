import { silentLogger } from '@plumbline/telemetry';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer, until } from './redis-server.ts';
import { sealKeyFrom } from './seal.ts';
import { createStore } from './store.ts';
import type { Store } from './types.ts';
import { entryId, outcomeKey } from './work-item.ts';

let server: RedisServer;
const open = new Set<Store>();
let queueNumber = 0;

async function newStore(): Promise<Store> {
  const store = await createStore({ redisUrl: server.url, sealKey: sealKeyFrom('test'), logger: silentLogger });
  open.add(store);
  return store;
}

beforeAll(async () => {
  server = await RedisServer.create();
});
afterAll(async () => {
  await Promise.all([...open].map((store) => store.close()));
  await server.stop();
});

const later = String(Date.now() + 86_400_000_000);
const same = entryId('same');

/** What somebody does to the keys of a queue, whose names begin with `q`. */
const damages: Record<string, (redis: Redis, q: string) => Promise<unknown>> = {
  ...Object.fromEntries(
    ['wait', 'active', 'stalled', 'marker', 'meta', 'events', 'id', 'stalled-check'].map((name) => [
      `${name} is a text`,
      (redis: Redis, q: string) => redis.set(`${q}${name}`, 'garbage'),
    ]),
  ),
  ...Object.fromEntries(
    ['wait', 'meta', 'events', 'id', 'paused', 'completed', 'failed', 'delayed', 'prioritized', 'limiter'].map(
      (name) => [
        `${name} is a set`,
        async (redis: Redis, q: string) => {
          await redis.del(`${q}${name}`);
          await redis.sadd(`${q}${name}`, 'garbage');
        },
      ],
    ),
  ),
  'the count is negative': (redis, q) => redis.set(`${q}id`, '-7'),
  'the count is at its end': (redis, q) => redis.set(`${q}id`, '9223372036854775807'),
  'the queue is paused': (redis, q) =>
    redis.hset(`${q}meta`, { paused: '1', concurrency: 'x', max: 'y', duration: 'z' }),
  'the queue may run nothing': (redis, q) => redis.hset(`${q}meta`, { concurrency: '0' }),
  'the kept events are no number': (redis, q) => redis.hset(`${q}meta`, { 'opts.maxLenEvents': '-1x' }),
  'the settings are gone': (redis, q) => redis.del(`${q}meta`),
  'the look for stalled entries never ends': (redis, q) => redis.set(`${q}stalled-check`, '1'),
  'an event has the last id there is': (redis, q) =>
    redis.xadd(`${q}events`, `${later}-18446744073709551615`, 'event', 'waiting', 'jobId', 'x'),
  'an event is no JSON': (redis, q) =>
    redis.xadd(`${q}events`, '*', 'event', 'completed', 'returnvalue', '{', 'jobId', same),
  'unknown entries wait and run': async (redis, q) => {
    await redis.rpush(`${q}wait`, 'unknown', '-1', '0', '');
    await redis.rpush(`${q}active`, 'unknown', '-2', '0:1');
  },
  'an entry is a text': (redis, q) => redis.set(`${q}${same}`, 'garbage'),
  'an entry is in no list': (redis, q) => redis.hset(`${q}${same}`, { name: 'item', data: '{}', opts: '{}' }),
  'an entry that runs for ever is held by nobody': async (redis, q) => {
    await redis.hset(`${q}${same}`, { name: 'item', data: '{"id":"same","request":"{\\"ms\\":2}"}', opts: '{}' });
    await redis.lpush(`${q}active`, same);
    await redis.set(`${q}${same}:lock`, 'nobody:1');
  },
  'an entry that waits cannot be read': async (redis, q) => {
    await redis.hset(`${q}${same}`, { name: 'item', data: '{', opts: '{}' });
    await redis.lpush(`${q}wait`, same);
  },
  'an entry that waits asks for something else': async (redis, q) => {
    await redis.hset(`${q}${same}`, { name: 'item', data: '{"id":"other","request":"{"}', opts: '{}' });
    await redis.lpush(`${q}wait`, same);
    await redis.zadd(`${q}marker`, 0, '0');
  },
  'the options of an entry cannot be read': async (redis, q) => {
    await redis.hset(`${q}${same}`, { name: 'item', data: '{"id":"same","request":"{}"}', opts: '{{' });
    await redis.lpush(`${q}wait`, same);
  },
  'the outcome is a list': (redis, q) => redis.lpush(outcomeKey('plumb', q.split(':')[1] ?? '', same), 'garbage'),
  'the outcome is nonsense': (redis, q) =>
    redis.set(outcomeKey('plumb', q.split(':')[1] ?? '', same), '{"run":7,"result":"{"}'),
  'all keys are renamed': async (redis, q) => {
    for (const key of await redis.keys(`${q}*`)) await redis.rename(key, `old:${key}`);
  },
};

describe('a queue whose keys somebody changed', () => {
  it.concurrent.each(Object.entries(damages))('works again by itself: %s', async (_name, damage) => {
    queueNumber += 1;
    const name = `damaged-${queueNumber}`;
    const [caller, worker] = await Promise.all([newStore(), newStore()]);
    let running = 0;
    const handler = async ({ ms }: { ms: number }) => {
      running += 1;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ms;
    };
    worker.worker(name, handler, { concurrency: 3 });
    const queue = caller.queue<{ ms: number }, number>(name);
    const call = (id: string, ms: number) => queue.call(id, { ms }, { timeoutMs: 45_000 });
    await call('before', 1);
    const running1 = [call('running 1', 2_000), call('running 2', 2_001)];
    await until('work in progress', () => running >= 3);
    await server.use((redis) => damage(redis, `plumb:${name}:`));
    expect(await Promise.all([call('same', 2), call('other', 3), ...running1])).toEqual([2, 3, 2_000, 2_001]);
    const start = performance.now();
    expect(await Promise.all([call('same', 2), call('afterwards', 5)])).toEqual([2, 5]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
}, 120_000);

describe('caches and counters whose keys somebody changed', () => {
  it('miss, and begin anew', async () => {
    const { json, sealed, counters } = await newStore();
    await server.use(async (redis) => {
      for (const key of ['json:a', 'sealed:a', 'count:a']) await redis.rpush(`plumb:${key}`, 'garbage');
      await redis.set('plumb:count:b', 'garbage');
    });
    expect(await json.get('a')).toBeUndefined();
    expect(await sealed.get('a')).toBeUndefined();
    expect(await counters.get('b')).toBe(0);
    expect([await counters.increment('a', 9_000), await counters.increment('b', 9_000)]).toEqual([1, 1]);
    expect(await counters.get('a')).toBe(1);
  });
});
