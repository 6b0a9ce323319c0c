import type { LiveChange } from '@plumbline/cluster';
import type { AppRuntime } from './app-runtime.ts';
import { type Level, levels } from './queue/keyed-queue.ts';

/** How long changes are gathered, ms: a roll-out moves many Pods at once. */
const gatherMs = 1_000;

export interface SummaryWatchOptions {
  runtimes: ReadonlyMap<string, AppRuntime>;
  /** Asks for a pass. */
  wake(key: string, level: Level, ms: number): void;
}

/** Wakes an Application when objects below its managed ones change what its summary tells, and only then. */
export class SummaryWatch {
  readonly #options: SummaryWatchOptions;
  readonly #looks = new Map<string, NodeJS.Timeout>();

  constructor(options: SummaryWatchOptions) {
    this.#options = options;
  }

  /** @param keys of the Applications that the change concerns */
  onLive(keys: readonly string[], change: LiveChange): void {
    if (!change.below) return;
    for (const key of keys) {
      const below = this.#options.runtimes.get(key)?.below;
      if (below?.isNews(change)) this.#options.wake(key, levels.tree, gatherMs);
      else if (below?.mayFade) this.#lookLater(key);
    }
  }

  close(): void {
    for (const timer of this.#looks.values()) clearTimeout(timer);
    this.#looks.clear();
  }

  #lookLater(key: string): void {
    if (this.#looks.has(key)) return;
    const look = () => {
      this.#looks.delete(key);
      if (this.#options.runtimes.get(key)?.below?.isStale()) this.#options.wake(key, levels.tree, 0);
    };
    this.#looks.set(key, setTimeout(look, gatherMs).unref());
  }
}
