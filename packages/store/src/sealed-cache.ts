import type { Logger } from '@plumbline/telemetry';
import type { Redis } from 'ioredis';
import { type RedisCalls, readOrDrop } from './redis-calls.ts';
import { seal, unseal } from './seal.ts';
import type { SealedCache } from './types.ts';

interface SealedCacheParts {
  redis: Redis;
  calls: RedisCalls;
  sealKey: Buffer;
  prefix: string;
  logger: Logger;
}

/** {@link SealedCache} in Redis, under `<prefix>:sealed:<key>`. */
export function createSealedCache({ redis, calls, sealKey, prefix, logger }: SealedCacheParts): SealedCache {
  const nameOf = (key: string) => `${prefix}:sealed:${key}`;
  const remove = async (key: string) => {
    await calls.run('del', () => redis.unlink(nameOf(key)));
  };
  return {
    async get(key) {
      const name = nameOf(key);
      const sealed = await calls.run('get', () => readOrDrop(redis, name, () => redis.getBuffer(name)));
      if (sealed === null) return undefined;
      const value = unseal(sealKey, key, sealed);
      if (value) return value;
      logger.warn('cached value does not open and is dropped', { key });
      await remove(key);
      return undefined;
    },
    async set(key, value, ttlSeconds) {
      await calls.run('set', () => redis.set(nameOf(key), seal(sealKey, key, value), 'EX', ttlSeconds));
    },
    has: async (key) => (await calls.run('exists', () => redis.exists(nameOf(key)))) === 1,
    delete: remove,
  };
}
