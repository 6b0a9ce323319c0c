import { expect, it } from 'vitest';
import { quantity } from './quantity.ts';

it.each([
  ['500m', 0.5],
  ['0.5', 0.5],
  ['2', 2],
  [2, 2],
  ['1Ki', 1024],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1E', 1e18],
  ['1Ei', 2 ** 60],
  ['1e3', 1000],
  ['12E-1', 1.2],
  ['100n', 1e-7],
  ['-1', -1],
  ['.5k', 500],
])('%s is %d', (text, expected) => {
  expect(quantity(text)).toBeCloseTo(expected, 12);
});

it.each(['', 'x', '1 Gi', '1ki', 'm', undefined, null, {}])('%o is no quantity', (text) => {
  expect(quantity(text)).toBeUndefined();
});
