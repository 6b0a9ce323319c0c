import type { Logger } from '@plumbline/telemetry';
import { Redis, type RedisOptions } from 'ioredis';

const firstDelayMs = 50;
const longestDelayMs = 2_000;

/** How every connection behaves: it reconnects for ever, and commands wait for it (see `RedisCalls` for the limit). */
const connectionOptions = {
  maxRetriesPerRequest: null,
  enableReadyCheck: true,
  retryStrategy: (attempt: number) => Math.min(firstDelayMs * 2 ** Math.min(attempt - 1, 10), longestDelayMs),
} satisfies RedisOptions;

/** A connection that logs when it is lost and when it is back, once each. */
export function openConnection(redisUrl: string, role: string, logger: Logger): Redis {
  const redis = new Redis(redisUrl, { ...connectionOptions, connectionName: `plumbline-${role}` });
  redis.setMaxListeners(0);
  let lost = false;
  redis.on('error', (error: Error) => {
    if (lost) return;
    lost = true;
    logger.warn('Redis connection lost', { role, error });
  });
  redis.on('ready', () => {
    if (lost) logger.info('Redis connection is back', { role });
    lost = false;
  });
  return redis;
}
