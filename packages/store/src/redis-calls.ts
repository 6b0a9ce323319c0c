import { hostname } from 'node:os';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import type { Counter, Histogram, Metrics } from '@plumbline/telemetry';
import type { Redis } from 'ioredis';
import { within } from './within.ts';

/** How long one command may take, reconnecting included. */
const commandTimeoutMs = 10_000;
const durationBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** What every failure of Redis looks like to callers: worth another try. */
export function unavailable(reason: string, cause?: unknown): PlumblineError {
  return new PlumblineError('STORE_UNAVAILABLE', `Redis is unavailable: ${reason}`, {
    retry: 'transient',
    hint: 'check that Redis runs and can be reached',
    cause,
  });
}

/** What calls and work items that are cut off by our own shutdown look like. */
export function closing(): PlumblineError {
  return new PlumblineError('STORE_CLOSING', 'this process is shutting down', { retry: 'transient' });
}

/** Runs Redis commands with a time limit, counted (reference §13). */
export class RedisCalls {
  readonly #initiator: string;
  readonly #requests: Counter | undefined;
  readonly #durations: readonly Histogram[];
  readonly #hostname = hostname();

  constructor(initiator: string, metrics: Metrics | undefined) {
    this.#initiator = initiator;
    this.#requests = metrics?.counter({
      name: 'argocd_redis_request_total',
      help: 'Requests to Redis, by outcome',
      labels: ['hostname', 'initiator', 'command', 'failed'],
    });
    // Argo CD's repo-server has the second name, its other components the first.
    const names = ['argocd_redis_request_duration', 'argocd_redis_request_duration_seconds'];
    this.#durations = names.flatMap((name) => {
      const help = 'Seconds a request to Redis took';
      return metrics?.histogram({ name, help, labels: ['hostname', 'initiator'], buckets: durationBuckets }) ?? [];
    });
  }

  /** @throws PlumblineError `STORE_UNAVAILABLE` (transient) on any failure, and when it takes longer than the limit. */
  async run<T>(command: string, action: () => Promise<T>, timeoutMs = commandTimeoutMs): Promise<T> {
    const of = { hostname: this.#hostname, initiator: this.#initiator };
    const start = performance.now();
    let failed = true;
    try {
      const value = await within(action(), timeoutMs, () => unavailable(`no answer to ${command} in ${timeoutMs} ms`));
      failed = false;
      return value;
    } catch (error) {
      throw error instanceof PlumblineError ? error : unavailable(errorMessage(error), error);
    } finally {
      this.#requests?.inc({ ...of, command, failed: String(failed) });
      const seconds = (performance.now() - start) / 1000;
      for (const duration of this.#durations) duration.observe(of, seconds);
    }
  }
}

/** Whether Redis refused a command, rather than being away. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** What Redis refuses to read because it is of another type is dropped: a miss. */
export async function readOrDrop<T>(redis: Redis, key: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isRefused(error) || !String(error).includes('WRONGTYPE')) throw error;
    await redis.unlink(key);
    return null;
  }
}
