interface Serial {
  /** Runs the work after all work given before under the same key has ended. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Does work under one key one after the other, and under different keys side by side. */
export function createSerial(): Serial {
  const last = new Map<string, Promise<unknown>>();
  return {
    run(key, work) {
      const before = last.get(key) ?? Promise.resolve();
      const mine = before.then(work, work);
      const settled = mine.catch(() => {});
      last.set(key, settled);
      void settled.then(() => {
        if (last.get(key) === settled) last.delete(key);
      });
      return mine;
    },
  };
}
