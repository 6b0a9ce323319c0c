/**
 * Connections on which nothing comes any more look like those on which nothing happens. After trouble on one, the quiet ones
 * of the same server are made anew, from where they stand, which costs little and shows what they have missed.
 */
export interface QuietWatches {
  /** A watch has failed, or ended before its time. */
  troubled(): void;
  /** Asks a watch to begin anew where it has been quiet for a while; returns how to stop asking. */
  onDoubt(listener: (quietMs: number) => void): () => void;
  /** Calls once a second; returns how to stop that. One timer serves all. */
  onTick(listener: () => void): () => void;
}

interface QuietWatchesOptions {
  /** End of the client. */
  signal: AbortSignal;
  /** Waits after the last trouble, in milliseconds: what was cut off by it, and what was a little later. */
  delaysMs?: readonly number[];
  /** Doubts come at least so often while the trouble lasts. */
  lastingMs?: number;
  /** A watch that has told something within this time is alive. */
  quietMs?: number;
}

const tickMs = 1_000;

/** One timer for all who want to be called once a second; none while nobody does. */
function createTicker(signal: AbortSignal): QuietWatches['onTick'] {
  const listeners = new Set<() => void>();
  let ticking: NodeJS.Timeout | undefined;
  const tick = () => {
    for (const listener of [...listeners]) listener();
  };
  const stop = () => {
    clearInterval(ticking);
    ticking = undefined;
  };
  signal.addEventListener('abort', stop, { once: true });
  return (listener) => {
    listeners.add(listener);
    if (!signal.aborted) ticking ??= setInterval(tick, tickMs).unref();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) stop();
    };
  };
}

export function createQuietWatches(options: QuietWatchesOptions): QuietWatches {
  const { signal, delaysMs = [2_000, 6_000], lastingMs = 10_000, quietMs = 1_500 } = options;
  const listeners = new Set<(quietMs: number) => void>();
  let timers: NodeJS.Timeout[] = [];
  let since: number | undefined;
  const stop = () => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  };
  const doubt = () => {
    since = undefined;
    for (const listener of [...listeners]) listener(quietMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    troubled: () => {
      if (signal.aborted) return;
      since ??= performance.now();
      if (performance.now() - since >= lastingMs) doubt();
      stop();
      timers = delaysMs.map((delay) => setTimeout(doubt, delay).unref());
    },
    onDoubt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTick: createTicker(signal),
  };
}
