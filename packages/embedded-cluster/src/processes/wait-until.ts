import { setTimeout as sleep } from 'node:timers/promises';
import { PlumblineError } from '@plumbline/errors';
import type { ManagedProcess } from './managed-process.ts';

interface WaitOptions {
  /** Ends the sentence "<process> did not …". */
  what: string;
  /** The process that has to do it: the wait ends when it ends, and errors carry the end of its log. */
  process: ManagedProcess;
  /** Others that it needs: the end of one ends the wait too. */
  dependencies?: readonly ManagedProcess[];
  timeoutMs: number;
  intervalMs?: number;
  signal?: AbortSignal;
}

/**
 * Asks again and again until the check says true. A check that throws counts as "not yet".
 * Throws `EMBEDDED_START_FAILED` with the last lines of the process's log when time is up or the process has ended.
 */
export async function waitUntil(check: () => Promise<boolean>, options: WaitOptions): Promise<void> {
  const { what, process: server, dependencies = [], timeoutMs, intervalMs = 50, signal } = options;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    const dead = [server, ...dependencies].find(({ running }) => !running);
    if (dead) throw await startError(dead, `${dead.name} ${await dead.ended} at start`, lastError);
    try {
      if (await check()) return;
    } catch (error) {
      lastError = error;
    }
    await sleep(intervalMs, undefined, { signal });
  }
  throw await startError(server, `${server.name} did not ${what} within ${timeoutMs / 1000} s`, lastError);
}

async function startError(server: ManagedProcess, message: string, cause: unknown): Promise<PlumblineError> {
  const log = await server.logTail();
  return new PlumblineError('EMBEDDED_START_FAILED', log ? `${message}; its log ends with:\n${log}` : message, {
    cause,
    retry: 'transient',
    details: { process: server.name },
  });
}
