import { describe, expect, test } from 'vitest';
import { decideRetry, retryDelay } from './retry.ts';

describe('the pause before a retry', () => {
  test.each([
    ['grows by the default factor up to the default maximum', undefined, [5, 10, 20, 40, 80, 160, 180, 180]],
    [
      'begins with the duration',
      { backoff: { duration: '1s', factor: 2, maxDuration: '1m' } },
      [1, 2, 4, 8, 16, 32, 60],
    ],
    ['stays the same with factor 1', { backoff: { duration: '10s', factor: 1 } }, [10, 10, 10]],
    ['counts a bare number as seconds', { backoff: { duration: '7', maxDuration: '20' } }, [7, 14, 20]],
    ['uses the default for what cannot be read', { backoff: { duration: 'soon' } }, [5, 10]],
    ['never shrinks', { backoff: { duration: '4s', factor: 0 } }, [4, 4]],
  ])('%s', (_, strategy, seconds) => {
    expect(seconds.map((__, index) => retryDelay(index + 1, strategy) / 1000)).toEqual(seconds);
  });
});

describe('after a failed attempt', () => {
  const now = Date.parse('2026-01-01T13:04:55Z');
  const failed = (retryCount: number) => ({ message: 'it failed', retryCount, now });

  test('the operation is tried again up to its limit', () => {
    expect(decideRetry({ limit: 2 }, failed(0))).toEqual({
      again: true,
      retryCount: 1,
      delayMs: 5000,
      message: 'it failed. Retrying attempt #1 at 1:05PM.',
    });
    expect(decideRetry({ limit: 2 }, failed(2))).toEqual({ again: false, message: 'it failed (retried 2 times).' });
  });

  test('nothing is tried again without a strategy', () => {
    expect(decideRetry(undefined, failed(0))).toEqual({ again: false, message: 'it failed' });
  });

  test('a negative limit has no end', () => {
    expect(decideRetry({ limit: -1 }, failed(100))).toMatchObject({ again: true, retryCount: 101, delayMs: 180_000 });
  });
});
