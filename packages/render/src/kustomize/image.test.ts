import { expect, it } from 'vitest';
import { parseImageOverride, setImages } from './image.ts';

it.each([
  ['a:1', { name: 'a', newTag: '1' }],
  ['r:5000/a:1', { name: 'r:5000/a', newTag: '1' }],
  ['a=r:5000/b', { name: 'a', newName: 'r:5000/b' }],
  ['a=b:1@sha256:00', { name: 'a', newName: 'b', newTag: '1', digest: 'sha256:00' }],
  ['a@sha256:00', { name: 'a', digest: 'sha256:00' }],
  ['a=*:2', { name: 'a', newName: '*', newTag: '2' }],
])('reads the override %s', (override, expected) => {
  expect(parseImageOverride(override)).toEqual(expected);
});

it('refuses an override that changes nothing', () => {
  expect(() => parseImageOverride('r:5000/a')).toThrow(/no image override/);
});

it('replaces entries of the same image, keeps what the override names *, and sorts', () => {
  const existing = [
    { name: 'z', newTag: '1' },
    { name: 'a', newName: 'kept', newTag: '1' },
    { name: 'b', newName: 'gone', newTag: '1' },
  ];
  const overrides = ['a=*:2', 'b:2', 'c=*:3'].map(parseImageOverride);
  expect(setImages(existing, overrides)).toEqual([
    { name: 'a', newName: 'kept', newTag: '2' },
    { name: 'b', newTag: '2' },
    { name: 'c', newTag: '3' },
    { name: 'z', newTag: '1' },
  ]);
});
