import { expect, test } from 'vitest';
import { mergePatch } from './merge-patch.ts';

test.each<[string, object, object, object | undefined]>([
  ['nothing where nothing changed', { a: { b: [1] } }, { a: { b: [1] } }, undefined],
  ['what is new', { a: 1 }, { a: 1, b: { c: 2 } }, { b: { c: 2 } }],
  ['what changed inside', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 3 } }],
  ['what is gone as null', { a: { b: 1, c: 2 } }, { a: { c: 2 } }, { a: { b: null } }],
  ['lists as a whole', { a: [1, 2] }, { a: [1] }, { a: [1] }],
  ['another type as it is', { a: { b: 1 } }, { a: [1] }, { a: [1] }],
  ['nothing for a null that was one', { a: null, b: { c: null } }, { b: {} }, undefined],
])('a merge patch holds %s', (_, from, to, expected) => {
  expect(mergePatch(from as Record<string, unknown>, to as Record<string, unknown>)).toEqual(expected);
});
