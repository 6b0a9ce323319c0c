import { PlumblineError } from '@plumbline/errors';
import { expect, it } from 'vitest';
import { entryId, failed, isLater, open, parseOutcome, succeeded } from './work-item.ts';

it('an entry is named without colons, alike for equal keys only', () => {
  expect(entryId('git:https://x:1')).toMatch(/^w[A-Za-z0-9_-]{43}$/);
  expect(entryId('1')).toBe(entryId('1'));
  expect(entryId('1')).not.toBe(entryId('2'));
});

it('an outcome opens to the result or throws the error', () => {
  expect(open(succeeded('r', { n: 9007199254740993n }))).toEqual({ n: 9007199254740993n });
  expect(open(succeeded('r', undefined))).toBeUndefined();
  expect(() => open(failed('r', new PlumblineError('A_B', 'no', { retry: 'waiting' })))).toThrow(
    expect.objectContaining({ code: 'A_B', message: 'no', retry: 'waiting' }),
  );
});

it('what is no outcome is none', () => {
  expect(parseOutcome(JSON.stringify(succeeded('r', 1)))).toEqual({ run: 'r', result: '1' });
  for (const text of [null, undefined, '', '{', 'null', '{}', '1']) expect(parseOutcome(text)).toBeUndefined();
});

it.each([
  ['2-0', '1-5', true],
  ['1-5', '2-0', false],
  ['1-10', '1-9', true],
  ['1-9', '1-9', false],
  ['1-0', '0-0', true],
])('stream entry %s comes after %s: %s', (a, b, expected) => {
  expect(isLater(a, b)).toBe(expected);
});
