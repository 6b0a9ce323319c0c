import { describe, expect, it } from 'vitest';
import { createGlob } from './glob.ts';

describe('a glob that stops at slashes', () => {
  it.each([
    ['v/*.yaml', 'v/a.yaml', true],
    ['v/*.yaml', 'v/a/b.yaml', false],
    ['v/**/*.yaml', 'v/a.yaml', true],
    ['v/**/*.yaml', 'v/a/b/c.yaml', true],
    ['v/**/*.yaml', 'va/b.yaml', false],
    ['**/c.yaml', 'abc.yaml', false],
    ['**/c.yaml', 'a/b/c.yaml', true],
    ['**/c.yaml', 'c.yaml', true],
    ['v/**', 'v/a/b', true],
    ['v/a**.yaml', 'v/ab.yaml', true],
    ['v/a**.yaml', 'v/a/b.yaml', false],
    ['v/[!a].yaml', 'v/b.yaml', true],
    ['v/[!a].yaml', 'v/a.yaml', false],
    ['v/[^a].yaml', 'v/a.yaml', false],
    ['v/[a-c]x', 'v/bx', true],
    ['v/[]]', 'v/]', true],
    ['v[!a]b', 'v/b', false],
    ['v/{a,b/c}.yaml', 'v/b/c.yaml', true],
    ['v/{a,{b,c}d}.yaml', 'v/cd.yaml', true],
    ['v/{a,}.yaml', 'v/.yaml', true],
    ['v (1)/*.yaml', 'v (1)/a.yaml', true],
    ['v+(x)/!a', 'v+(x)/!a', true],
    ['a[', 'a[', true],
    ['a{b', 'a{b', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['?.yaml', 'ü.yaml', true],
    ['🚀-*.yaml', '🚀-a.yaml', true],
    ['[🚀x].yaml', '🚀.yaml', true],
    ['[🚀x].yaml', '🐌.yaml', false],
    ['{🚀,🐌}?.yaml', '🐌🐌.yaml', true],
    ['', '', true],
  ])('%s takes %s: %s', (pattern, path, expected) => expect(createGlob(pattern)(path)).toBe(expected));
});

describe('a glob that crosses slashes', () => {
  it.each([
    ['*.yaml', 'a/b.yaml', true],
    ['{x,z}/*', 'x/y/f.yaml', true],
    ['a?b', 'a/b', true],
    ['**/f.yaml', 'x/f.yaml', true],
    ['**/f.yaml', 'f.yaml', false],
  ])('%s takes %s: %s', (pattern, path, expected) =>
    expect(createGlob(pattern, { crossing: true })(path)).toBe(expected),
  );
});

it('is not slowed down by patterns made for that', () => {
  const started = performance.now();
  expect(createGlob(`${'*a'.repeat(50)}b`)('a'.repeat(250))).toBe(false);
  expect(createGlob('{a,b}'.repeat(40))('a'.repeat(40))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});
