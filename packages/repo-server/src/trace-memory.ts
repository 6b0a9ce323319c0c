import { createHash } from 'node:crypto';
import { stringifyJson } from '@plumbline/manifests';
import type { TracedSource } from '@plumbline/render';
import { LRUCache } from 'lru-cache';
import type { AttemptOptions, FailureMemory } from './failure-memory.ts';

/** Inputs of all remembered traces together; one is about 150 bytes. */
const maxInputs = 100_000;

/** Traces that were made, so that a source at a commit is traced once. */
export interface TraceMemory {
  /**
   * A trace that asked remotes is made again each time.
   *
   * @param parts everything that the trace depends on.
   * @param options with `fresh`, it is made again, and a failure tried again before it is due.
   */
  get(
    parts: readonly unknown[],
    trace: () => Promise<TracedSource>,
    options: AttemptOptions & { fresh: boolean },
  ): Promise<TracedSource>;
}

/** @param failures remembers traces that failed, under keys of their own. */
export function createTraceMemory(failures: FailureMemory): TraceMemory {
  const known = new LRUCache<string, TracedSource>({
    maxSize: maxInputs,
    maxEntrySize: maxInputs,
    sizeCalculation: ({ inputs }) => inputs.length + 5,
  });
  const running = new Map<string, Promise<TracedSource>>();
  return {
    async get(parts, trace, options) {
      const key = createHash('sha256').update(stringifyJson(parts)).digest('base64');
      const remembered = options.fresh ? undefined : (known.get(key) ?? running.get(key));
      if (remembered) return remembered;
      const failureKey = `trace ${key}`;
      if (!options.fresh) failures.check(failureKey);
      const started = failures.attempt(failureKey, trace, options);
      running.set(key, started);
      try {
        const traced = await started;
        if (!traced.momentary) known.set(key, traced);
        return traced;
      } finally {
        if (running.get(key) === started) running.delete(key);
      }
    },
  };
}
