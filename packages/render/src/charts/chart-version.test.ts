import { describe, expect, it } from 'vitest';
import { allowsVersion, isRange, selectVersion } from './chart-version.ts';

const versions = ['1.0.0', '1.2.0', '1.10.0', '2.0.0', '3.0.0-beta.1', '1.2.0+build.2', 'v0.9.0', 'nightly'];

describe('the version of a chart', () => {
  it.each([
    ['1.0.0', '1.0.0'],
    ['v1.0.0', '1.0.0'],
    ['0.9.0', 'v0.9.0'],
    ['nightly', 'nightly'],
    ['1.2.0+build.2', '1.2.0+build.2'],
    ['1.*', '1.10.0'],
    ['1', '1.10.0'],
    ['1.2', '1.2.0+build.2'],
    ['~1.2.0', '1.2.0+build.2'],
    ['^1', '1.10.0'],
    ['*', '2.0.0'],
    ['>=1.0.0 <1.10.0', '1.2.0+build.2'],
    ['>=1.0.0, <1.2.0', '1.0.0'],
    ['>=3.0.0-0', '3.0.0-beta.1'],
    ['>=3.0.0', undefined],
    ['7.7.7', undefined],
    ['HEAD', undefined],
  ])('%s is %s', (wanted, expected) => {
    expect(selectVersion(versions, wanted)).toBe(expected);
  });

  it('is looked up for constraints only', () => {
    expect(['1.x', '1', '*', '>1', '^2.0.0-0'].map(isRange)).toEqual([true, true, true, true, true]);
    expect(['1.2.3', 'v1.2.3', 'latest', 'HEAD'].map(isRange)).toEqual([false, false, false, false]);
  });

  it('of a lock file satisfies its constraint, or not', () => {
    expect([allowsVersion('>=1', '1.2.3'), allowsVersion('~2', '1.2.3')]).toEqual([true, false]);
  });
});
