import { describe, expect, test } from 'vitest';
import type { RemoteRefs } from '../repository-port.ts';
import { completeByRefs, isFullSha, nearNames, resolveByRefs } from './resolve-revision.ts';

const url = 'https://example.org/team/app.git';
const id = (digit: string): string => digit.repeat(40);
const remote: RemoteRefs = {
  head: { commit: id('a'), ref: 'refs/heads/trunk' },
  tags: new Map(),
  refs: new Map([
    ['refs/heads/trunk', id('a')],
    ['refs/heads/both', id('b')],
    ['refs/heads/1.x', id('c')],
    ['refs/heads/abcdef1', id('d')],
    ['refs/tags/both', id('e')],
    ['refs/tags/v1.0.0', id('1')],
    ['refs/tags/v1.5.0', id('2')],
    ['refs/tags/web-1.4.0', id('3')],
    ['refs/pull/12/head', id('4')],
  ]),
};
const at = (revision: string, tagPrefix?: string) => resolveByRefs(revision, remote, { url, tagPrefix });

describe('a targetRevision means', () => {
  test.each([
    ["the remote's HEAD when empty", '', undefined, id('a'), 'refs/heads/trunk'],
    ["the remote's HEAD by name", 'HEAD', undefined, id('a'), 'refs/heads/trunk'],
    ['a branch', 'trunk', undefined, id('a'), 'refs/heads/trunk'],
    ['the branch before a tag of the same name', 'both', undefined, id('b'), 'refs/heads/both'],
    ['exactly the ref of a full name', 'refs/tags/both', undefined, id('e'), 'refs/tags/both'],
    ['a tag by its version', 'v1.0.0', undefined, id('1'), 'refs/tags/v1.0.0'],
    ['a ref below refs/', 'pull/12/head', undefined, id('4'), 'refs/pull/12/head'],
    ['a constraint before a branch spelt like it', '1.x', undefined, id('2'), 'refs/tags/v1.5.0'],
    ['the branch where no tag satisfies the constraint', '1.x', 'none-', id('c'), 'refs/heads/1.x'],
    ['a tag with the prefix by its version', '1.4.0', 'web-', id('3'), 'refs/tags/web-1.4.0'],
    ['a branch that looks like a short SHA', 'abcdef1', undefined, id('d'), 'refs/heads/abcdef1'],
  ])('%s', (_, revision, tagPrefix, commit, ref) => {
    expect(at(revision, tagPrefix)).toEqual({ kind: 'commit', commit, ref });
  });

  test('the beginning of a SHA, from 7 digits on', () => {
    expect(at('ABCDEF12')).toEqual({ kind: 'abbreviation', prefix: 'abcdef12' });
    expect(() => at('abcdef')).toThrow(/'abcdef' was not found/);
  });
});

describe('what is not found is explained', () => {
  test.each([
    [
      'trnk',
      undefined,
      /revision 'trnk' was not found in https:\/\/example\.org\/team\/app\.git: did you mean 'trunk'/,
    ],
    ['v1.5', undefined, /did you mean 'v1\.5\.0'/],
    ['zzzzzzzzzzz', undefined, /no branch, tag or commit has this name/],
    ['^9', undefined, /none of its 4 tags satisfies the constraint/],
    ['^9', 'db-', /no tag begins with 'db-'/],
  ])('%s (prefix %s)', (revision, tagPrefix, message) => {
    expect(() => at(revision, tagPrefix)).toThrow(message);
  });

  test('an empty repository', () => {
    expect(() => resolveByRefs('', { refs: new Map(), tags: new Map() }, { url })).toThrow(
      /'HEAD' was not found .* the repository is empty/,
    );
  });

  test('a HEAD that points at nothing', () => {
    expect(() => resolveByRefs('', { refs: remote.refs, tags: new Map() }, { url })).toThrow(
      /points at no commit; .* trunk/,
    );
  });
});

test('near names come from branches and tags, nearest first, three at most', () => {
  const names = [
    'refs/heads/release-1',
    'refs/heads/release-2',
    'refs/tags/release-10',
    'refs/heads/other',
    'refs/heads/releas-1',
  ];
  expect(nearNames('relase-1', names)).toEqual(['release-1', 'releas-1', 'release-10']);
});

test('a short SHA is completed by the refs only when one commit begins so', () => {
  expect(completeByRefs('aaaaaaa', remote)).toBe(id('a'));
  const twins = new Map([
    ['refs/heads/x', `${'a'.repeat(39)}1`],
    ['refs/heads/y', `${'a'.repeat(39)}2`],
  ]);
  expect(completeByRefs('aaaaaaa', { refs: twins, tags: new Map() })).toBeUndefined();
});

test('a full SHA has 40 or 64 hex digits', () => {
  expect([id('a'), id('A'), 'a'.repeat(64), 'a'.repeat(41), 'g'.repeat(40)].map(isFullSha)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('names the annotated tag that a revision means, also by a constraint', () => {
  const [commit, tag, ref] = ['a'.repeat(40), 'b'.repeat(40), 'refs/tags/v1.0.0'];
  const tagged = { refs: new Map([[ref, commit]]), tags: new Map([[ref, tag]]) };
  for (const revision of ['v1.0.0', '1.x', ref]) {
    expect(resolveByRefs(revision, tagged, { url })).toEqual({ kind: 'commit', commit, ref, tag });
  }
});
