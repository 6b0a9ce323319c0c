import { expect, it } from 'vitest';
import { currently, momentAt } from './moment.ts';

const noted = momentAt(5_000, { now: 10_000, steady: 700 });

it.each([
  ['time goes by as ever', { now: 70_000, steady: 60_700 }, 5_000],
  ['the two clocks are read a little apart', { now: 70_400, steady: 60_700 }, 5_000],
  ['the clock was set ahead', { now: 3_670_000, steady: 60_700 }, 3_605_000],
  ['the clock was set back', { now: 40_000, steady: 60_700 }, -25_000],
])('a moment where %s', (_case, clocks, at) => {
  const now = currently(noted, clocks);
  expect(now.at).toBe(at);
  expect(currently(now, clocks)).toEqual(now);
});
