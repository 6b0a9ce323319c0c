import { expect, it } from 'vitest';
import { jsonValues } from './json-values.ts';

it.each([
  ['{"a":1}\n{"b":{"c":[2]}}\n', [{ a: 1 }, { b: { c: [2] } }]],
  ['{"a":"}\\"{"}{"b":"]"}', [{ a: '}"{' }, { b: ']' }]],
  ['[1,2]', [[1, 2]]],
  ['', []],
  [' \n ', []],
])('splits %s', (text, values) => {
  expect(jsonValues(text).map((one) => JSON.parse(one))).toEqual(values);
});

it('keeps what is no value, so that it is refused', () => {
  expect(jsonValues('{"a":1} nonsense')).toEqual(['{"a":1}', 'nonsense']);
  expect(jsonValues('{"a":')).toEqual(['{"a":']);
});
