/**
 * What the promise gives, unless the signal aborts first: then its reason is thrown at once. A value that comes later is
 * given to `discard`.
 */
export function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  discard?: (value: T) => Promise<unknown>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    const end = () => signal.removeEventListener('abort', abort);
    promise.then(
      (value) => {
        end();
        if (signal.aborted) void discard?.(value).catch(() => {});
        resolve(value);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
