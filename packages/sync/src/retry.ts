import { parseDuration, type RetryStrategy } from '@plumbline/apis';

const defaultDurationMs = 5_000;
const defaultFactor = 2;
const defaultMaxMs = 180_000;

/**
 * Pause before retry `attempt` (1 = the first retry), ms: duration · factor^(attempt − 1), at most maxDuration; defaults
 * 5 s, 2, 3 min (reference §1.3). A duration that cannot be read counts as its default.
 */
export function retryDelay(attempt: number, strategy: RetryStrategy | undefined): number {
  const { duration, factor, maxDuration } = strategy?.backoff ?? {};
  const first = durationMs(duration, defaultDurationMs);
  const growth = Math.max(1, factor ?? defaultFactor) ** Math.max(0, attempt - 1);
  return Math.min(durationMs(maxDuration, defaultMaxMs), first * growth);
}

function durationMs(text: string | undefined, byDefault: number): number {
  if (!text) return byDefault;
  try {
    return Math.max(0, parseDuration(text));
  } catch {
    return byDefault;
  }
}

/** What follows a failed attempt. */
export type RetryDecision =
  | { again: true; retryCount: number; delayMs: number; message: string }
  | { again: false; message: string };

/**
 * Whether an operation that failed is tried again, and what its message says then (reference §2.5). A negative limit
 * has no end. @param failed its message, the retries made so far, and the time of the failure in epoch ms
 */
export function decideRetry(
  strategy: RetryStrategy | undefined,
  failed: { message: string; retryCount: number; now: number },
): RetryDecision {
  const limit = strategy?.limit ?? 0;
  const { message, retryCount } = failed;
  if (limit >= 0 && retryCount >= limit) {
    return { again: false, message: retryCount > 0 ? `${message} (retried ${retryCount} times).` : message };
  }
  const next = retryCount + 1;
  const delayMs = retryDelay(next, strategy);
  const at = kitchenTime(failed.now + delayMs);
  return { again: true, retryCount: next, delayMs, message: `${message}. Retrying attempt #${next} at ${at}.` };
}

/** `3:04PM` in UTC. */
function kitchenTime(epochMs: number): string {
  const time = new Date(epochMs);
  const hours = time.getUTCHours();
  const minutes = String(time.getUTCMinutes()).padStart(2, '0');
  return `${hours % 12 || 12}:${minutes}${hours < 12 ? 'AM' : 'PM'}`;
}
