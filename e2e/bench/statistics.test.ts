import { describe, expect, it } from 'vitest';
import { growth, median, percentile, ratio } from './statistics.ts';

describe('the median', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing does not exist', () => {
    expect(() => median([])).toThrow('no median of nothing');
  });
});

describe('a ratio', () => {
  it('tells how many units a value is', () => {
    expect(ratio(6, 4)).toBe(1.5);
  });

  it('is unknown where one side is', () => {
    expect(ratio(undefined, 4)).toBeUndefined();
    expect(ratio(6, undefined)).toBeUndefined();
    expect(ratio(6, 0)).toBeUndefined();
  });
});

it('growth names the counters that grew, and by how much', () => {
  const before = new Map([
    ['get', 5],
    ['apply', 7],
  ]);
  const after = new Map([
    ['get', 5],
    ['apply', 9],
    ['delete', 3],
  ]);
  expect([...growth(before, after)]).toEqual([
    ['apply', 2],
    ['delete', 3],
  ]);
});

it.each([
  [[5, 1, 3], 0.5, 3],
  [[4, 1, 3, 2], 0.99, 4],
  [[], 0.5, Number.NaN],
])('below the percentile of %j lies the share %d: %d', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});
