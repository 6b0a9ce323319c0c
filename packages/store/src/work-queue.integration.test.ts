import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer, until } from './redis-server.ts';
import { sealKeyFrom } from './seal.ts';
import { createStore } from './store.ts';
import type { Store } from './types.ts';

let server: RedisServer;
const open = new Set<Store>();
let queueNumber = 0;

async function newStore(metrics = createMetrics({ processMetrics: false })): Promise<Store> {
  const store = await createStore({
    redisUrl: server.url,
    sealKey: sealKeyFrom('test'),
    logger: silentLogger,
    metrics,
  });
  open.add(store);
  return store;
}

function newQueue(): string {
  queueNumber += 1;
  return `queue-${queueNumber}`;
}

async function rejection(promise: Promise<unknown>): Promise<PlumblineError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlumblineError) return error;
  throw new Error(`expected a PlumblineError, got ${String(error)}`);
}

beforeAll(async () => {
  server = await RedisServer.create();
});
afterEach(async () => {
  await Promise.all([...open].map((store) => store.close()));
  open.clear();
});
afterAll(() => server.stop());

describe('a call to a queue', () => {
  it('is answered by a worker of another process', async () => {
    const name = newQueue();
    (await newStore()).worker<{ n: bigint }, { n: bigint }>(name, async ({ n }) => ({ n: n + 1n }), { concurrency: 2 });
    const caller = (await newStore()).queue<{ n: bigint }, { n: bigint }>(name);
    expect(await caller.call('git:a', { n: 9007199254740993n }, { timeoutMs: 5_000 })).toEqual({
      n: 9007199254740994n,
    });
  });

  it('may have no result', async () => {
    const name = newQueue();
    const store = await newStore();
    store.worker(name, async () => undefined, { concurrency: 1 });
    expect(await store.queue(name).call('a', {}, { timeoutMs: 5_000 })).toBeUndefined();
  });

  it('is done once for equal keys at one time, over all processes', async () => {
    const name = newQueue();
    const stores = await Promise.all([newStore(), newStore(), newStore()]);
    let runs = 0;
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const handler = async () => {
      runs += 1;
      await gate;
      return runs;
    };
    for (const store of stores) store.worker(name, handler, { concurrency: 10 });
    const calls = stores.flatMap((store) =>
      Array.from({ length: 10 }, () => store.queue<object, number>(name).call('same', {}, { timeoutMs: 10_000 })),
    );
    await until('the run', () => runs === 1);
    finish();
    expect(new Set(await Promise.all(calls))).toEqual(new Set([1]));
    expect(runs).toBe(1);
  });

  it('is never answered by a run that somebody knew the end of before', async () => {
    const name = newQueue();
    const stores = await Promise.all([newStore(), newStore()]);
    let runs = 0;
    stores[0]?.worker(name, async () => ++runs, { concurrency: 5 });
    let newestKnown = 0;
    const caller = async (store: Store) => {
      for (let turn = 0; turn < 150; turn += 1) {
        const known = newestKnown;
        const run = await store.queue<object, number>(name).call('same', {}, { timeoutMs: 10_000 });
        expect(run).toBeGreaterThan(known);
        newestKnown = Math.max(newestKnown, run);
      }
    };
    await Promise.all([...stores, ...stores].map(caller));
    expect(runs).toBeGreaterThanOrEqual(150);
  });

  it('throws the error of the worker with its code, class and hint', async () => {
    const name = newQueue();
    const store = await newStore();
    const thrown = new PlumblineError('GIT_REVISION_NOT_FOUND', 'no revision v9', {
      retry: 'waiting',
      hint: 'push it',
      details: { revision: 'v9' },
    });
    store.worker(
      name,
      async () => {
        throw thrown;
      },
      { concurrency: 1 },
    );
    const error = await rejection(store.queue(name).call('a', {}, { timeoutMs: 5_000 }));
    expect(error).toMatchObject({ code: thrown.code, retry: 'waiting', hint: 'push it', details: { revision: 'v9' } });
    expect(error.message).toBe('no revision v9');
  });

  it('runs again after it failed', async () => {
    const name = newQueue();
    const store = await newStore();
    let runs = 0;
    const handler = async () => {
      runs += 1;
      if (runs === 1) throw new Error('first');
      return 'second';
    };
    store.worker(name, handler, { concurrency: 1 });
    expect(await rejection(store.queue(name).call('a', {}, { timeoutMs: 5_000 }))).toMatchObject({ code: 'INTERNAL' });
    expect(await store.queue(name).call('a', {}, { timeoutMs: 5_000 })).toBe('second');
  });

  it('times out as transient where no worker runs', async () => {
    const store = await newStore();
    const error = await rejection(store.queue(newQueue()).call('a', {}, { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'STORE_TIMEOUT', retry: 'transient' });
  });

  it('ends at once when it is aborted, and other callers of the same key go on', async () => {
    const name = newQueue();
    const store = await newStore();
    const abort = new AbortController();
    const queue = store.queue<object, string>(name);
    const aborted = queue.call('a', {}, { timeoutMs: 10_000, signal: abort.signal });
    const other = queue.call('a', {}, { timeoutMs: 10_000 });
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    store.worker(name, async () => 'done', { concurrency: 1 });
    expect(await other).toBe('done');
  });

  it('is counted in the depth of the queue', async () => {
    const metrics = createMetrics({ processMetrics: false });
    const name = newQueue();
    const store = await newStore(metrics);
    const call = rejection(store.queue(name).call('a', {}, { timeoutMs: 8_000 }));
    await until('the depth', async () =>
      (await metrics.text()).includes(`plumbline_queue_depth{queue="${name}",state="waiting"} 1`),
    );
    await store.close();
    expect(await call).toMatchObject({ code: 'STORE_CLOSING' });
  }, 15_000);
});

describe('trouble', () => {
  it('FLUSHALL while 50 calls are in flight costs time only', async () => {
    const name = newQueue();
    const [caller, worker] = await Promise.all([newStore(), newStore()]);
    let started = 0;
    const handler = async ({ n }: { n: number }) => {
      started += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return n;
    };
    worker.worker(name, handler, { concurrency: 10 });
    const queue = caller.queue<{ n: number }, number>(name);
    const calls = Array.from({ length: 50 }, (_, n) => queue.call(`item ${n}`, { n }, { timeoutMs: 40_000 }));
    await until('work in progress', () => started >= 15);
    await server.use((redis) => redis.flushall());
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(await queue.call('afterwards', { n: 7 }, { timeoutMs: 5_000 })).toBe(7);
  }, 60_000);

  it('a worker killed in the middle of an item is replaced by another before its lock runs out, once', async () => {
    const name = newQueue();
    const script = fileURLToPath(new URL('../testdata/hanging-worker.ts', import.meta.url));
    const victim = spawn(process.execPath, [script, server.url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    const store = await newStore();
    const call = store.queue<object, string>(name).call('a', {}, { timeoutMs: 50_000 });
    await once(victim.stdout, 'data');
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    const killed = performance.now();
    let runs = 0;
    const handler = async () => {
      runs += 1;
      return 'taken over';
    };
    store.worker(name, handler, { concurrency: 1 });
    expect(await call).toBe('taken over');
    // 10 s and more by the lock alone.
    expect(performance.now() - killed).toBeLessThan(8_000);
    expect(runs).toBe(1);
  }, 60_000);

  it('a worker that is too busy to look after its lock for some seconds keeps its item', async () => {
    const name = newQueue();
    const script = fileURLToPath(new URL('../testdata/busy-worker.ts', import.meta.url));
    const busy = spawn(process.execPath, [script, server.url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    const store = await newStore();
    const call = store.queue<object, string>(name).call('a', {}, { timeoutMs: 50_000 });
    await once(busy.stdout, 'data');
    store.worker(name, async () => 'taken over', { concurrency: 1 });
    expect(await call).toBe('done by the busy one');
    busy.kill('SIGKILL');
    await once(busy, 'exit');
  }, 60_000);

  it('a worker that closes aborts its items and hands them to others', async () => {
    const name = newQueue();
    const [leaving, staying] = await Promise.all([newStore(), newStore()]);
    let taken = false;
    const first = leaving.worker(
      name,
      (_request, { signal }) => {
        taken = true;
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
      { concurrency: 1 },
    );
    const call = staying.queue<object, string>(name).call('a', {}, { timeoutMs: 10_000 });
    await until('the first worker', () => taken);
    await first.close();
    staying.worker(name, async () => 'second', { concurrency: 1 });
    expect(await call).toBe('second');
  });

  it('a restart of Redis that forgets everything costs time only', async () => {
    const name = newQueue();
    const [caller, worker] = await Promise.all([newStore(), newStore()]);
    let started = 0;
    const handler = async ({ n }: { n: number }) => {
      started += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return n;
    };
    worker.worker(name, handler, { concurrency: 5 });
    const queue = caller.queue<{ n: number }, number>(name);
    const call = (n: number) => queue.call(`item ${n}`, { n }, { timeoutMs: 40_000 });
    const early = Array.from({ length: 20 }, (_, n) => call(n));
    await until('work in progress', () => started >= 7);
    await server.stop();
    const late = Array.from({ length: 20 }, (_, n) => call(20 + n));
    await server.start();
    expect(await Promise.all([...early, ...late])).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await call(40)).toBe(40);
  }, 60_000);

  it('calls fail as transient in their time while Redis is away, and closing does not hang', async () => {
    const name = newQueue();
    const store = await newStore();
    store.worker(name, async () => 1, { concurrency: 1 });
    const queue = store.queue(name);
    await queue.call('a', {}, { timeoutMs: 5_000 });
    await server.stop();
    try {
      const error = await rejection(queue.call('b', {}, { timeoutMs: 500 }));
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retry: 'transient' });
      const start = Date.now();
      await store.close();
      expect(Date.now() - start).toBeLessThan(6_000);
    } finally {
      await server.start();
    }
  }, 30_000);

  it('no Redis at all is an error that says so', async () => {
    const options = { redisUrl: 'redis://127.0.0.1:1', sealKey: sealKeyFrom('test'), logger: silentLogger };
    await expect(createStore(options)).rejects.toSatisfy((error) => hasCode(error, 'STORE_UNAVAILABLE'));
  }, 20_000);
});

it('a thousand calls at once are answered', async () => {
  const name = newQueue();
  const store = await newStore();
  store.worker(name, async ({ n }: { n: number }) => n, { concurrency: 20 });
  const queue = store.queue<{ n: number }, number>(name);
  const calls = Array.from({ length: 1_000 }, (_, n) => queue.call(`item ${n}`, { n }, { timeoutMs: 20_000 }));
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
}, 30_000);
