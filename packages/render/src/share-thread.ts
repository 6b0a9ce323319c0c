import { setImmediate } from 'node:timers/promises';

/** How long (ms) a piece of work may keep everything else waiting. */
const turnMs = 5;

/**
 * For work that is made of many synchronous calls: they cost a tenth of asynchronous ones, which a pool of threads has to
 * carry. Awaiting the returned function between them lets other work run once the thread has been held for 5 ms.
 */
export function shareThread(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < turnMs) return;
    await setImmediate();
    since = performance.now();
  };
}
