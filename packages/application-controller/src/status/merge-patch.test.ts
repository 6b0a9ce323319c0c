import { expect, it } from 'vitest';
import { mergePatch } from './merge-patch.ts';

it.each([
  ['nothing where both are equal', { a: [1], b: { c: 1 } }, { a: [1], b: { c: 1 } }, undefined],
  ['only the changed member', { a: 1, b: { c: 1, d: 2 } }, { a: 1, b: { c: 1, d: 3 } }, { b: { d: 3 } }],
  ['null for what goes', { a: 1, b: { c: 1 } }, { b: {} }, { a: null, b: { c: null } }],
  ['whole lists', { a: [1, 2] }, { a: [1] }, { a: [1] }],
  ['new objects without their undefined members', {}, { a: { b: undefined, c: 1 } }, { a: { c: 1 } }],
  ['null for a member that became undefined', { a: 1 }, { a: undefined }, { a: null }],
  ['everything where there was nothing', undefined, { a: 1 }, { a: 1 }],
])('says %s', (_case, before, after, patch) => {
  expect(mergePatch(before, after)).toEqual(patch);
});
