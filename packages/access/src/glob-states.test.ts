import { expect, it } from 'vitest';
import { globMatch } from './glob.ts';
import { createEnforcer } from './rbac/enforcer.ts';
import { parsePolicy } from './rbac/policy.ts';

it('answers soon whatever somebody has written into a pattern', () => {
  const since = Date.now();
  const value = `red/${'a'.repeat(250)}`;
  expect(globMatch(`red/${'*a'.repeat(20)}b`, value)).toBe(false);
  expect(globMatch(`red/${'{*a,*,a*}'.repeat(10)}b`, value)).toBe(false);
  expect(globMatch(`red/${'{a,a}'.repeat(60)}b`, value)).toBe(false);
  expect(globMatch(`red/${'*a'.repeat(20)}`, value)).toBe(true);
  expect(globMatch(`${'**/'.repeat(12)}b`, '/a'.repeat(60), { separator: '/' })).toBe(false);
  expect(Date.now() - since).toBeLessThan(2_000);
});

it.each([
  ['a*b*c*d', 'axxbcyd', true],
  ['a*b*c*d', 'axxbcy', false],
  ['*-{dev,test}-*-*', 'x-dev-y-z', true],
  ['*-{dev,test}-*-*', 'x-prod-y-z', false],
  ['*{a*,b}?[0-9]*!', 'zzaqqq7!', true],
  ['*.*.*.\\*', 'a.b.c.*', true],
  ['*.*.*.\\*', 'a.b.c.d', false],
  ['*{a,b*', 'xbyyy*', true],
  ['{*,*,*}', '', true],
])('matches %s with %s: %s', (pattern, value, expected) => {
  expect(globMatch(pattern, value)).toBe(expected);
});

it.each([
  ['https://*/a/*/*', 'https://h/a/b/c', true],
  ['https://*/a/*/*', 'https://h/a/b/c/d', false],
  ['**a*b*/*', 'a/abx/y', true],
])('stops at the separator: %s with %s: %s', (pattern, value, expected) => {
  expect(globMatch(pattern, value, { separator: '/' })).toBe(expected);
});

it.each([
  ['regex', 'p, u, applications, get, red/(prod, deny'],
  ['regex', 'p, u, applications, (get, red/.*, deny'],
  ['glob', 'p, u, applications, get, red/[z-a], deny'],
  ['regex', 'p, u, applications, get, (?i)^RED/PROD$, deny'],
] as const)('forbids by a %s rule that cannot be read or has flags: %s', (matchMode, line) => {
  const all = matchMode === 'regex' ? '.*' : '*';
  const policy = parsePolicy(`p, u, applications, ${all}, ${all}, allow\n${line}`);
  const enforcer = createEnforcer({ policy, defaultRole: '', matchMode, project: () => undefined });
  expect(enforcer.can({ name: 'u', groups: [] }, 'applications', 'get', 'red/prod')).toBe(false);
});
