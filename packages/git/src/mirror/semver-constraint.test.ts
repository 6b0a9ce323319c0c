import { describe, expect, test } from 'vitest';
import { highestTag, parseConstraint, tagVersion } from './semver-constraint.ts';

const tags = ['v1.0.0', 'v2.0.0', 'v1.2.9', 'v1.10.0', '1.2.0', 'v3.0.0-rc.1', 'v3.0.0-rc.2', 'not-a-version', 'v0.9'];

function pick(constraint: string, candidates: readonly string[] = tags, prefix?: string): string | undefined {
  const allows = parseConstraint(constraint);
  return allows && highestTag(candidates, allows, prefix);
}

describe('a constraint takes the highest tag that it allows', () => {
  test.each([
    ['1.*', 'v1.10.0'],
    ['1.x', 'v1.10.0'],
    ['v1.*', 'v1.10.0'],
    ['1.2.x', 'v1.2.9'],
    ['^1.2', 'v1.10.0'],
    ['^1.2.0', 'v1.10.0'],
    ['~1.2.0', 'v1.2.9'],
    ['~v1.2', 'v1.2.9'],
    ['>=1 <2', 'v1.10.0'],
    ['>=1.0.0, <1.10.0', 'v1.2.9'],
    ['>= 1.0.0, < 1.10.0', 'v1.2.9'],
    ['=>1.0.0 =<1.2.9', 'v1.2.9'],
    ['1.0.0 - 1.2.8', '1.2.0'],
    ['>=1.0.0 !=2.0.0', 'v1.10.0'],
    ['^0.9 || ~1.2', 'v1.2.9'],
    ['<1', 'v0.9'],
    ['*', 'v2.0.0'],
    ['>2.0.0', undefined],
    ['^9.0.0', undefined],
  ])('%s → %s', (constraint, expected) => {
    expect(pick(constraint)).toBe(expected);
  });
});

describe('prereleases count only where the constraint has one', () => {
  test.each([
    ['>=2.0.0', 'v2.0.0'],
    ['>=3.0.0-0', 'v3.0.0-rc.2'],
    ['>=2.0.0-0 <4.0.0', 'v3.0.0-rc.2'],
    ['~3.0.0-rc.1', 'v3.0.0-rc.2'],
    ['3.x', undefined],
  ])('%s → %s', (constraint, expected) => {
    expect(pick(constraint)).toBe(expected);
  });
});

test('with a prefix only tags with it count, compared without it', () => {
  const mixed = ['web-1.0.0', 'web-1.4.0', 'api-1.9.0', '1.9.9', 'web-v1.3.0'];
  expect(pick('1.*', mixed, 'web-')).toBe('web-1.4.0');
  expect(pick('1.3.x', mixed, 'web-')).toBe('web-v1.3.0');
  expect(pick('1.*', mixed, 'none-')).toBeUndefined();
});

test.each(['main', 'release', 'v1.2.3', '1.2', '1', 'feature/1.x', 'HEAD', '', '1.x-branch', 'v2024.01.05', '>='])(
  '%j is a name, not a constraint',
  (text) => {
    expect(parseConstraint(text)).toBeUndefined();
  },
);

test.each([
  ['v1.2.3', '1.2.3'],
  ['1.2', '1.2.0'],
  ['v4', '4.0.0'],
  ['2024.01.15', '2024.1.15'],
  ['1.0.0-rc.1+build5', '1.0.0-rc.1'],
])('the tag %s states the version %s', (tag, version) => {
  expect(tagVersion(tag)?.version).toBe(version);
});

test.each(['release', 'v1.2.3.4', 'v1.x', 'a1.2.3', ''])('the tag %j states no version', (tag) => {
  expect(tagVersion(tag)).toBeUndefined();
});
