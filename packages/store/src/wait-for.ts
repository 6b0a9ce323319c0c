import { setMaxListeners } from 'node:events';

interface WaitOptions {
  timeoutMs: number;
  signal?: AbortSignal;
  /** Makes the error of a wait that took too long. */
  late(): Error;
}

/** The value of a shared promise, for one caller with its own patience. An abort throws the signal's reason. */
export function waitFor<T>(promise: Promise<T>, { timeoutMs, signal, late }: WaitOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(late())), timeoutMs);
    const onAbort = () => finish(() => reject(signal?.reason));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    if (signal) {
      setMaxListeners(0, signal);
      signal.addEventListener('abort', onAbort, { once: true });
    }
    promise.then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error)),
    );
  });
}
