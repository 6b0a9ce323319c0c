import { expect, it } from 'vitest';
import { flattenValues } from './helm-details.ts';

it('names each value by its path, as --set would', () => {
  const values = { a: { 'b.c': 1, list: [{ x: 'y' }, true] }, none: null, empty: {}, text: '' };
  expect([...flattenValues(values)]).toEqual([
    ['a.b\\.c', '1'],
    ['a.list[0].x', 'y'],
    ['a.list[1]', 'true'],
    ['text', ''],
  ]);
  expect([...flattenValues(null)]).toEqual([]);
});
