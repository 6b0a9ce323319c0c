interface Waiting<T> {
  promise: Promise<T>;
  start(): void;
}

export interface SingleFlight<T> {
  /**
   * The result of a run that begins now or later, never of one that is already under way. Everybody who asks while one
   * is under way shares the next one.
   */
  next(): Promise<T>;
  /** The run under way, if any. */
  current(): Promise<T> | undefined;
}

interface SingleFlightOptions {
  /** How long (ms) a run may hold up the next one before both go on at once. Default: for ever. */
  patienceMs?: number;
  /** Least time (ms) between the beginnings of two runs, so that a burst of callers shares a few. Default 0. */
  spacingMs?: number;
}

/** Runs a piece of work, and knows the newest run and when (ms) it began. */
function createRuns<T>(work: () => Promise<T>) {
  let running: Promise<T> | undefined;
  let startedAt = Number.NEGATIVE_INFINITY;
  return {
    current: () => running,
    startedAt: () => startedAt,
    start(): Promise<T> {
      startedAt = performance.now();
      const run = work();
      running = run;
      const ended = (): void => {
        if (running === run) running = undefined;
      };
      run.then(ended, ended);
      return run;
    },
  };
}

/** Shares runs of one piece of work between simultaneous callers, each answered from a run that began after it asked. */
export function createSingleFlight<T>(work: () => Promise<T>, options: SingleFlightOptions = {}): SingleFlight<T> {
  const runs = createRuns(work);
  let waiting: Waiting<T> | undefined;
  const { patienceMs, spacingMs = 0 } = options;
  /** How much too early (ms) a run would be that began now. */
  const early = (): number => runs.startedAt() + spacingMs - performance.now();

  const queue = (held: Promise<unknown>): Waiting<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let timer: NodeJS.Timeout | undefined;
    const entry: Waiting<T> = {
      promise,
      start: () => {
        if (waiting !== entry) return;
        clearTimeout(timer);
        waiting = undefined;
        runs.start().then(resolve, reject);
      },
    };
    if (patienceMs !== undefined) timer = setTimeout(entry.start, patienceMs);
    const spaced = (): void => {
      const waitMs = early();
      if (waitMs > 0) setTimeout(entry.start, waitMs);
      else entry.start();
    };
    held.then(spaced, spaced);
    return entry;
  };

  return {
    current: runs.current,
    next: () => {
      if (waiting) return waiting.promise;
      const running = runs.current();
      if (!running && early() <= 0) return runs.start();
      waiting = queue(running ?? Promise.resolve());
      return waiting.promise;
    },
  };
}
