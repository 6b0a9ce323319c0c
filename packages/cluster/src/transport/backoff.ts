/** Growing waits between attempts: `base · 2^n` up to `max`, each shortened at random by up to a half. */
export interface Backoff {
  baseMs: number;
  maxMs: number;
}

/** The wait before attempt `failures + 1`, in milliseconds. */
export function backoffDelay({ baseMs, maxMs }: Backoff, failures: number, random: () => number = Math.random): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30));
  return full * (0.5 + random() / 2);
}

/** Resolves after the time, or at once when the signal aborts (the caller looks at the signal). */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
