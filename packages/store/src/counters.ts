import type { Redis } from 'ioredis';
import type { RedisCalls } from './redis-calls.ts';
import type { Counters } from './types.ts';

/** {@link Counters} in Redis, under `<prefix>:count:<key>`. */
export function createCounters(parts: { redis: Redis; calls: RedisCalls; prefix: string }): Counters {
  const { redis, calls, prefix } = parts;
  const nameOf = (key: string) => `${prefix}:count:${key}`;
  return {
    async increment(key, ttlMs) {
      const name = nameOf(key);
      const answers = await calls.run('incr', () => redis.multi().incr(name).pexpire(name, ttlMs).exec());
      return Number(answers?.[0]?.[1] ?? 0);
    },
    get: async (key) => Number((await calls.run('get', () => redis.get(nameOf(key)))) ?? 0),
    async delete(key) {
      await calls.run('del', () => redis.unlink(nameOf(key)));
    },
  };
}
