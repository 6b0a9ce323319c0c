import { retryClass } from '@plumbline/errors';
import { type Backoff, backoffDelay } from './backoff.ts';
import type { Call } from './call.ts';
import { AbortedError, type Answer } from './exchange.ts';

/** What came of an attempt that failed: an answer (as an error), or no answer. */
export interface Failure {
  error: unknown;
  answer?: Answer;
}

const attempts = 5;
const backoff: Backoff = { baseMs: 50, maxMs: 2_000 };
const longestRetryAfterMs = 10_000;
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function retryAfterMs(answer: Answer): number | undefined {
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestRetryAfterMs) : undefined;
}

function neverBegan(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && neverSent.has(code);
}

function worthRepeating(call: Call, { error, answer }: Failure): boolean {
  if (call.retry === 'never' || error instanceof AbortedError) return false;
  if (answer === undefined) return call.retry === 'idempotent' || neverBegan(error);
  if (answer.status === 429) return true;
  return call.retry === 'idempotent' && answer.status >= 500 && retryClass(error) === 'transient';
}

/** How long (ms) to wait before the attempt after this one (1, 2, …), or undefined where there is none. */
export function nextWait(call: Call, failure: Failure, attempt: number): number | undefined {
  if (attempt >= attempts || call.signal?.aborted || !worthRepeating(call, failure)) return undefined;
  return (failure.answer && retryAfterMs(failure.answer)) ?? backoffDelay(backoff, attempt);
}
