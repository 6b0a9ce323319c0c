import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { errorMessage } from '@plumbline/errors';

export interface EventuallyOptions {
  /** Ends the sentence "waited for …". */
  what: string;
  /** Default 30 s. */
  timeoutMs?: number;
  /** Default 50 ms. */
  intervalMs?: number;
  signal?: AbortSignal;
}

type Falsy = false | null | undefined | 0 | '';

/**
 * Asks again and again until the check answers something truthy, and returns that. A check that throws has not
 * happened yet. When time is up it throws with the last value or error.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: EventuallyOptions,
): Promise<Exclude<Awaited<T>, Falsy>> {
  const { what, timeoutMs = 30_000, intervalMs = 50, signal } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const outcome = await attempt(check);
    if ('value' in outcome && outcome.value) return outcome.value as Exclude<Awaited<T>, Falsy>;
    if (performance.now() >= deadline) throw timeoutError(what, timeoutMs, outcome);
    await sleep(intervalMs, undefined, { signal });
  }
}

export interface NeverOptions {
  /** Ends the sentence "must not happen: …". */
  what: string;
  /** How long to watch, in milliseconds. */
  forMs: number;
  /** Default 50 ms. */
  intervalMs?: number;
}

/** Watches for a while that the check stays falsy; throws at once where it does not. A check that throws fails too. */
export async function never(check: () => unknown, options: NeverOptions): Promise<void> {
  const { what, forMs, intervalMs = 50 } = options;
  const started = performance.now();
  do {
    const value = await check();
    if (value) {
      const after = Math.round(performance.now() - started);
      throw new Error(`must not happen: ${what}; it did after ${after} ms: ${show(value)}`);
    }
    await sleep(intervalMs);
  } while (performance.now() - started < forMs);
}

type Outcome = { value: unknown } | { error: unknown };

async function attempt(check: () => unknown): Promise<Outcome> {
  try {
    return { value: await check() };
  } catch (error) {
    return { error };
  }
}

function timeoutError(what: string, timeoutMs: number, outcome: Outcome): Error {
  const last = 'error' in outcome ? `last error: ${errorMessage(outcome.error)}` : `last value: ${show(outcome.value)}`;
  const cause = 'error' in outcome ? { cause: outcome.error } : undefined;
  return new Error(`waited ${timeoutMs} ms for ${what}; ${last}`, cause);
}

function show(value: unknown): string {
  return inspect(value, { depth: 8, breakLength: 120 }).slice(0, 4_000);
}
