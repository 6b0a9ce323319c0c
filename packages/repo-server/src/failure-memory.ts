import { errorMessage, PlumblineError, serializeError } from '@plumbline/errors';
import { LRUCache } from 'lru-cache';

const firstDelayMs = 1_000;
const maxDelayMs = 60_000;
const remembered = 10_000;

/**
 * Failures by what failed, so that a broken source costs one try after 1, 2, 4 … 60 s and not one per Application and
 * refresh. Kept in memory: another repo-server finds out for itself.
 */
export interface FailureMemory {
  /** Throws the failure of `key` while its next try is not due, saying its age and when that is. */
  check(key: string): void;
  /**
   * Does the work, due or not, and forgets what failed before where it succeeds. Throws what the work throws, with what
   * happens next in its message; work that was cancelled has not failed.
   */
  attempt<Result>(key: string, work: () => Promise<Result>, options: AttemptOptions): Promise<Result>;
  /** Forgets all failures: something has changed that may heal any of them. */
  clear(): void;
}

export interface AttemptOptions {
  /** The commit that the work is for. */
  revision: string;
  signal: AbortSignal;
  /** Which errors count as failures; default: all. */
  remembers?(error: unknown): boolean;
}

interface Failure {
  error: unknown;
  revision: string;
  failedAt: number;
  nextAt: number;
  delayMs: number;
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000));
}

function describe({ error, revision, failedAt, nextAt }: Failure, now: number): PlumblineError {
  const { code, retry, hint, details } = serializeError(error);
  const message = error instanceof PlumblineError ? error.message : errorMessage(error);
  const wait = Math.max(1, seconds(nextAt - now));
  const facts = `revision ${revision.slice(0, 12)}, failed ${seconds(now - failedAt)} s ago, next try in ${wait} s`;
  return new PlumblineError(code, `${message} (${facts})`, {
    retry,
    ...(hint === undefined ? {} : { hint }),
    details: {
      ...details,
      revision,
      failedAt: new Date(failedAt).toISOString(),
      nextTryAt: new Date(nextAt).toISOString(),
    },
    cause: error,
  });
}

/** @param clock milliseconds. */
export function createFailureMemory(clock: () => number = Date.now): FailureMemory {
  const failures = new LRUCache<string, Failure>({ max: remembered });

  const remember = (key: string, error: unknown, revision: string): Failure => {
    const former = failures.get(key);
    const delayMs = former ? Math.min(maxDelayMs, former.delayMs * 2) : firstDelayMs;
    const failedAt = clock();
    const failure = { error, revision, failedAt, nextAt: failedAt + delayMs, delayMs };
    failures.set(key, failure);
    return failure;
  };

  return {
    check(key) {
      const failure = failures.get(key);
      if (failure && clock() < failure.nextAt) throw describe(failure, clock());
    },
    async attempt(key, work, { revision, signal, remembers = () => true }) {
      const before = failures.get(key);
      try {
        const result = await work();
        failures.delete(key);
        return result;
      } catch (error) {
        if (signal.aborted || !remembers(error)) throw error;
        // What ran side by side has failed once, not many times.
        const meanwhile = failures.get(key);
        if (meanwhile && meanwhile !== before) throw describe(meanwhile, clock());
        throw describe(remember(key, error, revision), clock());
      }
    },
    clear: () => failures.clear(),
  };
}
