import { errorMessage } from '@plumbline/errors';
import type { ConnectionState } from '@plumbline/protocol';

/** Whether things can be reached, remembered for a while: a list of many must not try each of them each time. */
export interface ConnectionStates {
  /**
   * The state under a key that names what is tried and as whom. Equal keys at one time are tried once; a trial that takes
   * longer than a list may is `Unknown` now and known the next time.
   */
  get(
    key: string,
    attempt: (signal: AbortSignal) => Promise<void>,
    options?: { fresh?: boolean },
  ): Promise<ConnectionState>;
  /** It has just been tried, and it worked. */
  succeeded(key: string): ConnectionState;
}

const rememberMs = 180_000;
/** A failure is found out about again sooner: somebody is mending it. */
const rememberFailureMs = 15_000;
const patienceMs = 10_000;
const attemptMs = 60_000;
const maxStates = 10_000;

interface Known {
  state: ConnectionState;
  until: number;
}

export function createConnectionStates(now: () => Date = () => new Date()): ConnectionStates {
  const known = new Map<string, Known>();
  const running = new Map<string, Promise<ConnectionState>>();

  const keep = (key: string, state: ConnectionState): ConnectionState => {
    const ms = state.status === 'Successful' ? rememberMs : rememberFailureMs;
    known.delete(key);
    known.set(key, { state, until: now().getTime() + ms });
    const [oldest] = known.keys();
    if (known.size > maxStates && oldest !== undefined) known.delete(oldest);
    return state;
  };
  const succeeded = (key: string): ConnectionState =>
    keep(key, { status: 'Successful', message: '', attemptedAt: now().toISOString() });

  const run = (key: string, attempt: (signal: AbortSignal) => Promise<void>): Promise<ConnectionState> =>
    attempt(AbortSignal.timeout(attemptMs))
      .then(
        () => succeeded(key),
        (error: unknown) =>
          keep(key, { status: 'Failed', message: errorMessage(error), attemptedAt: now().toISOString() }),
      )
      .finally(() => running.delete(key));

  return {
    succeeded,
    async get(key, attempt, { fresh = false } = {}) {
      const former = known.get(key);
      if (former && !fresh && former.until > now().getTime()) return former.state;
      const trial = running.get(key) ?? run(key, attempt);
      running.set(key, trial);
      const late = Promise.withResolvers<ConnectionState>();
      const timer = setTimeout(
        () => late.resolve(former?.state ?? { status: 'Unknown', message: 'the connection is being tried' }),
        patienceMs,
      );
      try {
        return await Promise.race([trial, late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
