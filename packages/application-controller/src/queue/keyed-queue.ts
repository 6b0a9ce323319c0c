import { errorMessage } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';

/**
 * How much of a pass is asked for; a higher level includes the lower ones (reference §4.1).
 * `tree`: health and tree only · `compare`: compare again with the target already rendered · `refresh`: resolve the
 * revision again · `force`: the same, asked for by a person or by a changed spec.
 */
export const levels = { tree: 0, compare: 1, refresh: 2, force: 3 } as const;
export type Level = (typeof levels)[keyof typeof levels];

/** One pass over one key. Throwing means: again, with back-off. */
export type Reconcile = (key: string, level: Level) => Promise<void>;

/** Is told what becomes of keys, for metrics. */
export interface QueueObserver {
  queued(key: string): void;
  began(key: string): void;
  ended(key: string, failed: boolean): void;
}

export interface KeyedQueueOptions {
  reconcile: Reconcile;
  concurrency: number;
  logger: Logger;
  /** First and longest wait after a failed pass, ms. */
  backoff?: { first: number; max: number };
  observer?: QueueObserver;
}

interface Entry {
  /** Level of the pass that waits for its turn; undefined = none waits. */
  wanted: Level | undefined;
  running: boolean;
  failures: number;
  /** Planned passes, at most one a level. */
  timers: Map<Level, { level: Level; at: number; handle: NodeJS.Timeout }>;
}

/**
 * Runs passes over keys: at most one at a time for a key, at most `concurrency` in all, equal requests coalesced to
 * the highest level. Work items carry a key and a level, never an event.
 */
export class KeyedQueue {
  readonly #options: KeyedQueueOptions;
  readonly #entries = new Map<string, Entry>();
  /** Passes that somebody's change waits for go before those that look at Git again. */
  readonly #urgent: string[] = [];
  readonly #ready: string[] = [];
  #taken = 0;
  #running = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: KeyedQueueOptions) {
    this.#options = options;
  }

  /** How many keys wait for a turn. */
  get depth(): number {
    return this.#urgent.length + this.#ready.length;
  }

  /** The keys that wait for a turn. */
  waiting(): readonly string[] {
    return [...this.#urgent, ...this.#ready];
  }

  add(key: string, level: Level): void {
    if (this.#closed) return;
    const entry = this.#entry(key);
    const waiting = entry.wanted !== undefined;
    entry.wanted = maxLevel(entry.wanted, level);
    if (!waiting && !entry.running) this.#enqueue(key, level);
  }

  /** A pass at that level no later than in `ms`. A pass at this or a higher level that is due earlier serves as well. */
  addAfter(key: string, level: Level, ms: number): void {
    if (this.#closed) return;
    const entry = this.#entry(key);
    // Not the time of day, which may be set.
    const at = performance.now() + ms;
    if ([...entry.timers.values()].some((timer) => timer.level >= level && timer.at <= at)) return;
    clearTimeout(entry.timers.get(level)?.handle);
    const handle = setTimeout(() => {
      entry.timers.delete(level);
      this.add(key, level);
    }, ms);
    handle.unref();
    entry.timers.set(level, { level, at, handle });
  }

  /** Drops what is planned for the key; a running pass goes on. */
  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    clearTimers(entry);
    entry.wanted = undefined;
    if (!entry.running) this.#entries.delete(key);
  }

  /** Takes nothing new and waits for the running passes, but not for those that wait for somebody else too long. */
  async close(graceMs = 2_000): Promise<void> {
    this.#closed = true;
    for (const entry of this.#entries.values()) clearTimers(entry);
    this.#ready.length = 0;
    this.#urgent.length = 0;
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, graceMs).unref();
      this.#idle.push(resolve);
    });
  }

  #entry(key: string): Entry {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { wanted: undefined, running: false, failures: 0, timers: new Map() };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #enqueue(key: string, level: Level): void {
    const lane = level >= levels.refresh ? this.#ready : this.#urgent;
    lane.push(key);
    this.#options.observer?.queued(key);
    this.#pump();
  }

  /** Every fourth turn goes to the other lane, so that a stream of changes cannot hold up the refreshes. */
  #next(): string | undefined {
    this.#taken += 1;
    const [first, second] = this.#taken % 4 === 0 ? [this.#ready, this.#urgent] : [this.#urgent, this.#ready];
    return first.shift() ?? second.shift();
  }

  #pump(): void {
    while (this.#running < this.#options.concurrency && this.depth > 0) {
      const key = this.#next();
      const entry = key === undefined ? undefined : this.#entries.get(key);
      if (key === undefined || !entry || entry.running || entry.wanted === undefined) continue;
      void this.#run(key, entry, entry.wanted);
    }
  }

  async #run(key: string, entry: Entry, level: Level): Promise<void> {
    entry.wanted = undefined;
    entry.running = true;
    this.#running += 1;
    this.#options.observer?.began(key);
    try {
      await this.#options.reconcile(key, level);
      entry.failures = 0;
    } catch (error) {
      entry.failures += 1;
      const { first, max } = this.#options.backoff ?? { first: 200, max: 30_000 };
      const wait = Math.min(max, first * 2 ** (entry.failures - 1));
      if (this.#closed) return;
      this.#options.logger.warn('a pass failed and will be repeated', {
        key,
        error: errorMessage(error),
        retryInMs: wait,
      });
      this.#options.logger.debug('where the pass failed', { key, error });
      this.addAfter(key, level, wait);
    } finally {
      this.#options.observer?.ended(key, entry.failures > 0);
      entry.running = false;
      this.#running -= 1;
      if (entry.wanted !== undefined && !this.#closed) this.#enqueue(key, entry.wanted);
      else this.#pump();
      if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }
}

/** The higher of two levels. */
export function maxLevel(a: Level | undefined, b: Level): Level {
  return a === undefined || b > a ? b : a;
}

function clearTimers(entry: Entry): void {
  for (const timer of entry.timers.values()) clearTimeout(timer.handle);
  entry.timers.clear();
}
