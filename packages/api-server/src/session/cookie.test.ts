import type { Request, Response } from 'express';
import { expect, it } from 'vitest';
import { sessionTokenOf, setSessionCookie } from './cookie.ts';

/** The cookies that a browser has afterwards, as its next request sends them. */
function browser(...tokens: string[]): string {
  const jar = new Map<string, string>();
  for (const token of tokens) {
    const header = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const append = (_name: string, text: string) => {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (text.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value);
    };
    setSessionCookie(
      { secure: true, headers: { cookie: header } } as Request,
      { append } as unknown as Response,
      token,
    );
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

it.each([10, 3_900, 3_901, 9_000])('brings back a token of %i bytes, in cookies that browsers keep', (length) => {
  const token = 'abcdefghij'.repeat(length / 10 + 1).slice(0, length);
  const header = browser(token);
  expect(sessionTokenOf(header)).toBe(token);
  for (const cookie of header.split('; ')) expect(cookie.length).toBeLessThan(4_000);
});

it('leaves nothing of a longer token behind', () => {
  expect(browser('x'.repeat(9_000), 'short')).toBe('argocd.token=short');
  expect(browser('x'.repeat(9_000), '')).toBe('');
});

it.each([
  ['argocd.token=2:ab', undefined],
  ['argocd.token=2:ab; argocd.token-1=cd', 'abcd'],
  ['argocd.token=999:ab', undefined],
  ['argocd.token=plain', 'plain'],
])('reads %s as %s', (header, token) => {
  expect(sessionTokenOf(header)).toBe(token);
});
