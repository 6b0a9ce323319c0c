import { expect, it } from 'vitest';
import { namesRepository, parseRepoSpec } from './repo-spec.ts';

it.each([
  ['https://host.test/org/repo', 'https://host.test/org/repo', '', 'HEAD'],
  ['https://host.test/org/repo/deep/base?ref=v1', 'https://host.test/org/repo', 'deep/base', 'v1'],
  ['https://host.test/a/b/c/repo//base?ref=main', 'https://host.test/a/b/c/repo', 'base', 'main'],
  ['https://host.test/a/b/c/repo.git/base?version=v2', 'https://host.test/a/b/c/repo.git', 'base', 'v2'],
  ['https://host.test/a/repo.git//base/?ref=x&version=y', 'https://host.test/a/repo.git', 'base', 'x'],
  ['https://name@dev.test/org/project/_git/repo/base', 'https://name@dev.test/org/project/_git/repo', 'base', 'HEAD'],
  ['https://u:p@host.test/org/repo', 'https://u:p@host.test/org/repo', '', 'HEAD'],
  ['HTTPS://host.test/org/repo', 'HTTPS://host.test/org/repo', '', 'HEAD'],
  ['git::https://host.test/org/repo//base', 'https://host.test/org/repo', 'base', 'HEAD'],
  ['git@host.test:org/repo.git//base', 'git@host.test:org/repo.git', 'base', 'HEAD'],
  ['ssh://git@host.test:2222/org/repo//base', 'ssh://git@host.test:2222/org/repo', 'base', 'HEAD'],
  ['github.com/org/repo/base?ref=main', 'https://github.com/org/repo', 'base', 'main'],
  ['http://github.com/org/repo', 'https://github.com/org/repo', '', 'HEAD'],
  ['git@github.com:org/repo', 'git@github.com:org/repo', '', 'HEAD'],
  ['ssh://git@github.com/org/repo', 'git@github.com:org/repo', '', 'HEAD'],
  ['file:///srv/repo.git//base', 'file:///srv/repo.git', 'base', 'HEAD'],
])('%s is a folder of a repository', (reference, url, path, ref) => {
  expect(parseRepoSpec(reference)).toMatchObject({ path, ref, url: url.replace(/^HTTPS/, 'https') });
});

it.each([
  '../base',
  'base',
  'org/repo//base',
  '../../other.git?ref=main',
  'https://host.test/file.yaml',
  'https://host.test/org/repo//../../x',
  'git://host.test/org/repo',
  'gh:org/repo',
  '/srv/repo.git',
])('%s is none', (reference) => {
  expect(parseRepoSpec(reference)).toBeUndefined();
});

it('reads timeouts and submodules', () => {
  const of = (query: string) => parseRepoSpec(`https://host.test/org/repo?${query}`);
  expect(of('timeout=120')?.timeoutSeconds).toBe(120);
  expect(of('timeout=1m30s')?.timeoutSeconds).toBe(90);
  expect(of('timeout=soon')).not.toHaveProperty('timeoutSeconds');
  expect(
    [of('submodules=false'), of('submodules=0'), of('submodules=yes'), of('ref=x')].map((spec) => spec?.submodules),
  ).toEqual([false, false, true, true]);
});

it.each([
  ['https://host.test/a/b.yaml', false],
  ['https://host.test/org/repo/raw/main/all.yml', false],
  ['https://host.test/org/repo//a.yaml', true],
  ['https://host.test/org/repo/a.yaml?ref=main', true],
  ['https://host.test/org/repo', true],
  ['git@host.test:a/b.yaml', true],
])('that %s names a repository is %s', (reference, expected) => {
  expect(namesRepository(reference)).toBe(expected);
});
