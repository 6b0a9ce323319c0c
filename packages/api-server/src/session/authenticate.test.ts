import { describe, expect, it } from 'vitest';
import { tokenOf } from './authenticate.ts';
import { cookieOf } from './cookie.ts';

describe('tokenOf', () => {
  it('prefers the Authorization header to the cookie', () => {
    expect(tokenOf({ headers: { authorization: 'Bearer a', cookie: 'argocd.token=b' } })).toBe('a');
    expect(tokenOf({ headers: { cookie: 'x=1; argocd.token=b; y=2' } })).toBe('b');
    expect(tokenOf({ headers: { authorization: 'Basic abc' } })).toBeUndefined();
    expect(tokenOf({ headers: {} })).toBeUndefined();
  });

  it('takes a cookie by its whole name', () => {
    expect(cookieOf('not-argocd.token=a', 'argocd.token')).toBeUndefined();
    expect(cookieOf('argocd.token=', 'argocd.token')).toBe('');
  });
});
