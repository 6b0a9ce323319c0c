/** How long (ms) nothing may have been worked on. */
const idleMs = 2_000;
/** Less new garbage (bytes) than this is not worth a collection, some 30 ms of one core. */
const worthwhile = 16 * 1024 * 1024;

/** Gives memory back to the system between bursts of work, which leave a heap larger than what is in use. */
export interface IdleMemory {
  /** Does the work; a collection waits until no work is under way. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): void;
}

export interface IdleMemoryOptions {
  /** Absent, nothing is ever collected: the process was started without `--expose-gc`. */
  collect: (() => void) | undefined;
  /** Bytes in use, garbage included. */
  used(): number;
}

function heapUsed(): number {
  const { heapUsed: heap, external } = process.memoryUsage();
  return heap + external;
}

export function createIdleMemory(
  { collect, used }: IdleMemoryOptions = { collect: globalThis.gc && (() => void globalThis.gc?.()), used: heapUsed },
): IdleMemory {
  let running = 0;
  let before = used();
  let timer: NodeJS.Timeout | undefined;

  const tidy = () => {
    if (!collect || used() - before < worthwhile) return;
    collect();
    before = used();
  };

  return {
    async during(work) {
      running += 1;
      clearTimeout(timer);
      try {
        return await work();
      } finally {
        running -= 1;
        if (running === 0) timer = setTimeout(tidy, idleMs).unref();
      }
    },
    close: () => clearTimeout(timer),
  };
}
