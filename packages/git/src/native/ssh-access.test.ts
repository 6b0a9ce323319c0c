import { expect, it } from 'vitest';
import { isWithoutProxy } from './ssh-access.ts';

it.each([
  ['git.example.com', 'git.example.com', true],
  ['git.example.com', 'example.com', true],
  ['git.example.com', '.example.com', true],
  ['git.example.com', 'a.org, *.example.com', true],
  ['git.example.com', '*', true],
  ['GIT.example.com', 'git.EXAMPLE.com', true],
  ['git.example.com', 'ample.com', false],
  ['git.example.com', '', false],
])('%s goes past the proxy with %j: %s', (host, noProxy, expected) => {
  expect(isWithoutProxy(host, noProxy)).toBe(expected);
});
