import type { OidcSettings } from '@plumbline/settings';
import { describe, expect, it } from 'vitest';
import { apiFailure } from '../http/api-failure.ts';
import { accountSettings, localAccount } from '../test-support/account-settings.ts';
import { createAuthenticate, tokenOf } from './authenticate.ts';
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

describe('createAuthenticate', () => {
  const issuer = 'https://login.example';
  const settings = accountSettings([localAccount({ name: 'ann' })]);
  const accounts = { ...settings, access: () => ({ ...settings.access(), oidc: { issuer } as OidcSettings }) };
  let asked = 0;
  const provider = (): Promise<undefined> => {
    asked += 1;
    return Promise.reject(apiFailure('Unavailable', 'the identity provider cannot be asked'));
  };
  const context = { accounts, provider } as unknown as Parameters<typeof createAuthenticate>[0];
  const authenticate = createAuthenticate(context, () => new Date());
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const withToken = (token: string) => authenticate({ headers: { authorization: `Bearer ${token}` } });
  const tokenBy = (iss: string | undefined) => `${part({ alg: 'RS256' })}.${part({ iss, sub: 'ann' })}.x`;

  it.each([['https://elsewhere.example'], [''], [undefined], [`${issuer}/`]])(
    'refuses a token by %j without asking the identity provider',
    async (iss) => {
      asked = 0;
      await expect(withToken(tokenBy(iss))).rejects.toMatchObject({ code: 'API_Unauthenticated' });
      await expect(withToken('rubbish')).rejects.toMatchObject({ code: 'API_Unauthenticated' });
      expect(asked).toBe(0);
    },
  );

  it('says so where the provider of a token cannot be asked: the session has not ended', async () => {
    await expect(withToken(tokenBy(issuer))).rejects.toMatchObject({ code: 'API_Unavailable' });
  });
});
