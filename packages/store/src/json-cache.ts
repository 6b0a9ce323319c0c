import { parseJson, stringifyJson } from '@plumbline/manifests';
import type { Redis } from 'ioredis';
import { type RedisCalls, readOrDrop } from './redis-calls.ts';
import type { JsonCache } from './types.ts';

function parseOrMiss<T>(text: string | null): T | undefined {
  if (text === null) return undefined;
  try {
    return parseJson(text) as T;
  } catch {
    return undefined;
  }
}

/** {@link JsonCache} in Redis, under `<prefix>:json:<key>`. A value that is no JSON is a miss. */
export function createJsonCache(parts: { redis: Redis; calls: RedisCalls; prefix: string }): JsonCache {
  const { redis, calls, prefix } = parts;
  const nameOf = (key: string) => `${prefix}:json:${key}`;
  return {
    async get<T>(key: string) {
      const name = nameOf(key);
      return parseOrMiss<T>(await calls.run('get', () => readOrDrop(redis, name, () => redis.get(name))));
    },
    async set(key, value, ttlSeconds) {
      await calls.run('set', () => redis.set(nameOf(key), stringifyJson(value), 'EX', ttlSeconds));
    },
    async delete(key) {
      await calls.run('del', () => redis.unlink(nameOf(key)));
    },
  };
}
