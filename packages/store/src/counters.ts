import type { Redis } from 'ioredis';
import { type RedisCalls, readOrDrop } from './redis-calls.ts';
import type { Counters } from './types.ts';

/** {@link Counters} in Redis, under `<prefix>:count:<key>`. */
export function createCounters(parts: { redis: Redis; calls: RedisCalls; prefix: string }): Counters {
  const { redis, calls, prefix } = parts;
  const nameOf = (key: string) => `${prefix}:count:${key}`;
  return {
    async increment(key, ttlMs) {
      const name = nameOf(key);
      return calls.run('incr', async () => {
        const add = () => redis.multi().incr(name).pexpire(name, ttlMs).exec();
        const [sum] = (await add()) ?? [];
        // What is no number is not counted on.
        if (sum?.[0]) await redis.unlink(name);
        return Number((sum?.[0] ? (await add())?.[0] : sum)?.[1] ?? 0);
      });
    },
    async get(key) {
      const name = nameOf(key);
      return Number(await calls.run('get', () => readOrDrop(redis, name, () => redis.get(name)))) || 0;
    },
    async delete(key) {
      await calls.run('del', () => redis.unlink(nameOf(key)));
    },
  };
}
