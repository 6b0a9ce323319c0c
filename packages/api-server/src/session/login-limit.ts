import { createHash } from 'node:crypto';
import type { Counters } from '@plumbline/store';
import type { Logger } from '@plumbline/telemetry';
import { apiFailure } from '../http/api-failure.ts';

/** Keeps passwords from being guessed (reference §8.5). */
export interface LoginLimit {
  /**
   * Takes one of the attempts that the account still has; false where it has none. Whoever got one says how it went: by
   * {@link LoginLimit.succeeded}, or, where it failed, not at all.
   */
  take(username: string): Promise<boolean>;
  succeeded(username: string): Promise<void>;
  /**
   * Runs a check of a password: those of one account one after the other. Throws ResourceExhausted while as many wait or
   * run as may at once.
   */
  run<T>(username: string, check: () => Promise<T>): Promise<T>;
}

export interface LoginLimitOptions {
  maxFailures: number;
  windowMs: number;
  maxAtOnce: number;
  /** What all API servers count together. */
  counters: Counters;
  logger: Logger;
  now: () => Date;
}

/** Argo CD's environment variables of the same meaning, with its defaults (reference §8.5). */
export function loginLimitsFrom(
  env: Readonly<Record<string, string | undefined>>,
): Pick<LoginLimitOptions, 'maxFailures' | 'windowMs' | 'maxAtOnce'> {
  const number = (name: string, otherwise: number): number => {
    const value = Number(env[name] || otherwise);
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  return {
    maxFailures: number('ARGOCD_SESSION_FAILURE_MAX_FAIL_COUNT', 5),
    windowMs: number('ARGOCD_SESSION_FAILURE_WINDOW_SECONDS', 300) * 1000,
    maxAtOnce: number('ARGOCD_MAX_CONCURRENT_LOGIN_REQUESTS_COUNT', 50),
  };
}

const keyOf = (username: string): string => `login-failures:${createHash('sha256').update(username).digest('hex')}`;

/** Attempts of each account that did not succeed: counted here, and together with other processes. The higher count holds. */
function createFailures({ windowMs, counters, logger, now }: LoginLimitOptions) {
  const own = new Map<string, { count: number; last: number }>();
  const shared = async (ask: () => Promise<number>): Promise<number> => {
    try {
      return await ask();
    } catch (error) {
      logger.warn('failed log-ins are counted in this process only: Redis cannot be asked', { error });
      return 0;
    }
  };
  const recent = (username: string): number => {
    const known = own.get(username);
    return known && now().getTime() - known.last < windowMs ? known.count : 0;
  };
  return {
    count: async (username: string) => Math.max(recent(username), await shared(() => counters.get(keyOf(username)))),
    add: async (username: string) => {
      const count = recent(username) + 1;
      own.set(username, { count, last: now().getTime() });
      return Math.max(count, await shared(() => counters.increment(keyOf(username), windowMs)));
    },
    clear: async (username: string) => {
      own.delete(username);
      await shared(async () => {
        await counters.delete(keyOf(username));
        return 0;
      });
    },
  };
}

/**
 * Counts the attempts of accounts that exist, by name: there are only so many, so nothing is ever evicted, and names that
 * someone makes up cost nothing. An attempt counts as failed from its beginning until it has succeeded, so that neither a
 * burst nor a second server gets around the limit. Callers take attempts of existing accounts only.
 */
export function createLoginLimit(options: LoginLimitOptions): LoginLimit {
  const { maxFailures, maxAtOnce } = options;
  const failures = createFailures(options);
  const queues = new Map<string, Promise<unknown>>();
  let running = 0;
  return {
    take: async (username) =>
      (await failures.count(username)) < maxFailures && (await failures.add(username)) <= maxFailures,
    succeeded: (username) => failures.clear(username),
    run: async (username, check) => {
      if (running >= maxAtOnce) throw apiFailure('ResourceExhausted', 'too many log-ins at once: try again');
      running += 1;
      const turn = (queues.get(username) ?? Promise.resolve()).then(check);
      const settled = turn.catch(() => undefined);
      queues.set(username, settled);
      try {
        return await turn;
      } finally {
        running -= 1;
        if (queues.get(username) === settled) queues.delete(username);
      }
    },
  };
}
