/** The value of a promise, or the error of `late` where it has none in time. */
export async function within<T>(promise: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for an ending that must not hold up the process: errors and lateness are passed over. */
export async function settleWithin(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  await within(promise, timeoutMs, () => new Error('too late')).catch(() => undefined);
}
