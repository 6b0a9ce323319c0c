import { expect, it } from 'vitest';
import { exclusionOf } from './exclusions.ts';
import { commonFolder, generatePaths } from './sent-folder.ts';

it.each<[string, string[], string]>([
  ['.', ['team/app'], 'team/app'],
  ['.;../shared', ['team/app', 'team/shared'], 'team'],
  ['/team/shared/*.yaml', ['team/shared'], 'team'],
  ['/other', ['other'], ''],
  [' ; ../../team/app/deep ;', ['team/app/deep'], 'team/app'],
  ['/', [''], ''],
])('paths "%s" of team/app mean %j, and a plugin gets "%s"', (annotation, paths, folder) => {
  expect(generatePaths(annotation, 'team/app')).toEqual(paths);
  expect(commonFolder(['team/app', ...paths])).toBe(folder);
});

it.each([
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['docs', 'docs', true],
  ['*/large', 'app/large', true],
  ['app/[^a]*', 'app/b', true],
  ['{a,b}', 'a', false],
  ['.git/*', '.git/config', true],
])('the exclusion %s leaves %s out: %s', (glob, path, expected) => {
  expect(exclusionOf([glob])(path)).toBe(expected);
});
