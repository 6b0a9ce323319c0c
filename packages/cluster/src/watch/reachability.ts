import { type Backoff, backoffDelay, pause } from '../transport/backoff.ts';

/**
 * Whether an API server answers at all. While it does not, one probe asks for all that wait: sixty watches that each tried
 * to connect would cost more than all their events.
 */
export interface Reachability {
  /** A request got no answer. */
  lost(): void;
  /**
   * Resolves when the server answers (at once where nothing was lost), or when the signal aborts. `onDown` is told, once,
   * of a probe that got no answer either.
   */
  answering(signal: AbortSignal, onDown: (error: unknown) => void): Promise<void>;
}

interface ReachabilityOptions {
  /** Resolves with any answer, throws without one. */
  probe(signal: AbortSignal): Promise<unknown>;
  backoff: Backoff;
  /** End of the client. */
  signal: AbortSignal;
}

/** A probe may take this long at first, twice as long each time; a connection that hangs must not hold up the rest. */
const patience: Backoff = { baseMs: 2_000, maxMs: 60_000 };

export function createReachability({ probe, backoff, signal }: ReachabilityOptions): Reachability {
  const waiting = new Set<(error: unknown) => void>();
  let recovery: Promise<void> | undefined;
  const recover = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const limit = AbortSignal.timeout(Math.min(patience.maxMs, patience.baseMs * 2 ** Math.min(failures, 8)));
      try {
        await probe(AbortSignal.any([signal, limit]));
        break;
      } catch (error) {
        for (const onDown of waiting) onDown(error);
        waiting.clear();
        await pause(backoffDelay(backoff, failures), signal);
      }
    }
    recovery = undefined;
  };
  return {
    lost: () => {
      recovery ??= recover();
    },
    answering: async (own, onDown) => {
      if (!recovery) return;
      const given = Promise.withResolvers<void>();
      const stop = () => given.resolve();
      waiting.add(onDown);
      own.addEventListener('abort', stop);
      await Promise.race([recovery, given.promise]);
      own.removeEventListener('abort', stop);
      waiting.delete(onDown);
    },
  };
}
