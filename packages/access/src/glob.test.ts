import { describe, expect, it } from 'vitest';
import { globMatch, matchesAny, negatableMatch } from './index.ts';

describe('globMatch', () => {
  it.each([
    ['*', 'a/b', undefined, true],
    ['*', 'a/b', '/', true],
    ['a*', 'a/b', undefined, true],
    ['a*', 'a/b', '/', false],
    ['a**', 'a/b', '/', true],
    ['https://h/*', 'https://h/o', '/', true],
    ['https://h/*', 'https://h/o/r', '/', false],
    ['https://h/**', 'https://h/o/r', '/', true],
    ['https://*.example.com', 'https://a.example.com', undefined, true],
    ['a?c', 'abc', undefined, true],
    ['a?c', 'ac', undefined, false],
    ['a?c', 'a/c', '/', false],
    ['[a-c]x', 'bx', undefined, true],
    ['[!a-c]x', 'bx', undefined, false],
    ['[!a-c]x', 'dx', undefined, true],
    ['{a,b*}', 'bcd', undefined, true],
    ['{a,b*}', 'c', undefined, false],
    ['{a,{b,c}}d', 'cd', undefined, true],
    ['a,b', 'a,b', undefined, true],
    ['a}', 'a}', undefined, true],
    ['a[', 'a[', undefined, true],
    ['a\\*', 'a*', undefined, true],
    ['a\\*', 'ab', undefined, false],
    ['a.c', 'abc', undefined, false],
    ['(a|b)+$', 'a', undefined, false],
    ['', '', undefined, true],
    ['', 'a', undefined, false],
    ['a', 'A', undefined, false],
    ['[z-a]', 'b', undefined, false],
  ])('%j on %j with separator %j: %s', (pattern, value, separator, expected) => {
    expect(globMatch(pattern, value, separator === undefined ? {} : { separator })).toBe(expected);
  });
});

describe('negatableMatch', () => {
  it('turns the match around after a !', () => {
    expect(negatableMatch('!kube-*', 'kube-system')).toBe(false);
    expect(negatableMatch('!kube-*', 'team')).toBe(true);
  });
});

describe('matchesAny', () => {
  it.each([
    [['team-*'], 'team-a', true],
    [['/^team-[ab]$/'], 'team-a', true],
    [['/^team-[ab]$/'], 'team-c', false],
    [['/(/'], 'x', false],
    [['/'], '/', true],
    [[], 'a', false],
  ])('%j on %j: %s', (patterns, value, expected) => expect(matchesAny(patterns, value)).toBe(expected));
});
