import { apiFailure } from '../http/api-failure.ts';

/** Keeps passwords from being guessed (reference §8.5). */
export interface LoginLimit {
  /** Whether too many log-ins of the account have failed lately. */
  isLocked(username: string): boolean;
  failed(username: string): void;
  succeeded(username: string): void;
  /**
   * Runs a check of a password: those of one account one after the other, so that no burst outruns the count. Throws
   * ResourceExhausted while as many wait or run as may at once.
   */
  run<T>(username: string, check: () => Promise<T>): Promise<T>;
}

export interface LoginLimitOptions {
  maxFailures: number;
  windowMs: number;
  maxAtOnce: number;
  now: () => Date;
}

/** Argo CD's environment variables of the same meaning, with its defaults (reference §8.5). */
export function loginLimitsFrom(env: Readonly<Record<string, string | undefined>>): Omit<LoginLimitOptions, 'now'> {
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

/**
 * Counts failures of accounts that exist, by name: there are only so many, so nothing is ever evicted, and names that
 * someone makes up cost nothing. Callers note failures of existing accounts only.
 */
export function createLoginLimit({ maxFailures, windowMs, maxAtOnce, now }: LoginLimitOptions): LoginLimit {
  const failures = new Map<string, { count: number; last: number }>();
  const queues = new Map<string, Promise<unknown>>();
  let running = 0;
  const recent = (username: string): number => {
    const known = failures.get(username);
    return known && now().getTime() - known.last < windowMs ? known.count : 0;
  };
  return {
    isLocked: (username) => recent(username) >= maxFailures,
    failed: (username) => {
      failures.set(username, { count: recent(username) + 1, last: now().getTime() });
    },
    succeeded: (username) => {
      failures.delete(username);
    },
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
