import { whenPackageManagerEnds } from './package-manager.ts';

export interface Ending {
  /** Aborts at the first SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** Resolves then. */
  promise: Promise<void>;
  /** 128 + the signal's number, as shells have it; undefined before. */
  exitCode(): number | undefined;
}

/** Package managers pass a signal on that the terminal has sent to the whole group already: repeats are no impatience. */
const repeatMs = 1_000;
const numbers = { SIGINT: 2, SIGTERM: 15 } as const;

/** Waits for SIGINT or SIGTERM, or for the end of the package manager that runs us. Another one, more than a second later, ends the process at once. */
export function untilSignal(): Ending {
  const abort = new AbortController();
  const first = Promise.withResolvers<void>();
  let at = 0;
  let exitCode: number | undefined;
  const end = (name: keyof typeof numbers) => {
    if (exitCode !== undefined && performance.now() - at > repeatMs) process.exit(128 + numbers[name]);
    if (exitCode !== undefined) return;
    at = performance.now();
    exitCode = 128 + numbers[name];
    abort.abort();
    first.resolve();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => end(name));
  whenPackageManagerEnds(() => end('SIGTERM'));
  return { signal: abort.signal, promise: first.promise, exitCode: () => exitCode };
}
