import { expect, test } from 'vitest';
import { restartPause } from './repo-server-process.ts';

test('pauses between starts double up to half a minute', () => {
  expect([1, 2, 3, 6, 7, 100].map(restartPause)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
});
