import { expect, it } from 'vitest';
import { sourceReferences } from './source-references.ts';

const source = (ref: string) => ({ source: { repoURL: 'https://git.example/team/app', ref }, revision: 'a' });

it.each([
  ['a b', /the ref "a b" of a source is no name/],
  ['a/b', /no name/],
  ['$a', /no name/],
])('the ref %j is refused', (ref, words) => expect(() => sourceReferences([source(ref)])).toThrow(words));

it('a ref has letters, digits, _ and -', () => {
  expect(sourceReferences([source('Values_2-x')])).toEqual({
    'Values_2-x': { repoURL: 'https://git.example/team/app', revision: 'a' },
  });
});
