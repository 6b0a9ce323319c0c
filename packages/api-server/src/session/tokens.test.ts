import type { AppProject } from '@plumbline/apis';
import type { LocalAccount } from '@plumbline/settings';
import { decodeJwt, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { accountSettings, localAccount } from '../test-support/account-settings.ts';
import { issueLogin, issueToken, type TokenContext, verifyToken } from './tokens.ts';

const now = new Date('2026-05-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const { secretKey } = accountSettings([]);

const admin = (change: Partial<LocalAccount> = {}) =>
  localAccount({ name: 'admin', passwordChangedAt: new Date('2026-04-01T00:00:00Z'), ...change });
const bot = localAccount({
  name: 'bot',
  capabilities: ['apiKey'],
  tokens: [{ id: 'key-1', issuedAt: seconds, expiresAt: 0 }],
});
const project: AppProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'team' },
  spec: { roles: [{ name: 'ci' }, { name: 'old', jwtTokens: [{ iat: seconds }] }] },
  status: { jwtTokensByRole: { ci: { items: [{ iat: seconds, id: 'nightly' }] } } },
};

function context(accounts: readonly LocalAccount[] = [admin(), bot], revoked: readonly string[] = []): TokenContext {
  return {
    accounts: accountSettings(accounts),
    projects: { get: (name) => (name === 'team' ? project : undefined) },
    revocations: { isRevoked: async (id) => revoked.includes(id) },
  };
}

const good = { iss: 'argocd', sub: 'admin:login', jti: 'j', iat: seconds, nbf: seconds, exp: seconds + 60 };

function signed(claims: Record<string, unknown>, options: { alg?: string; key?: string } = {}): Promise<string> {
  const key = new TextEncoder().encode(options.key ?? secretKey());
  return new SignJWT(claims).setProtectedHeader({ alg: options.alg ?? 'HS256' }).sign(key);
}

describe('session tokens', () => {
  it('carry the documented claims and are good for as long as the settings say', async () => {
    const token = await issueLogin(context().accounts, 'admin', now);
    expect(decodeJwt(token)).toEqual({ ...good, jti: expect.any(String), exp: seconds + 24 * 3600 });
    expect(await verifyToken(context(), token, now)).toMatchObject({
      username: 'admin',
      issuer: 'argocd',
      login: true,
    });
    await expect(verifyToken(context(), token, new Date(now.getTime() + 86_400_001))).rejects.toThrow(
      'invalid session',
    );
  });

  it('are accepted when another engine with the same key has signed them', async () => {
    expect(await verifyToken(context(), await signed(good), now)).toMatchObject({ username: 'admin' });
  });

  it.each([
    ['another issuer', { iss: 'someone' }],
    ['no expiry', { exp: undefined }],
    ['a start in the future', { nbf: seconds + 3600 }],
    ['another account', { sub: 'other:login' }],
    ['a capability that the account lacks', { sub: 'admin:apiKey' }],
    ['a made-up capability', { sub: 'admin:root' }],
    ['an issue before the password changed', { iat: seconds - 40 * 86_400 }],
    ['no id', { jti: undefined }],
    ['an API key that was deleted', { sub: 'bot:apiKey', jti: 'key-2' }],
    ['a log-in of an account that may not', { sub: 'bot:login' }],
    ['an unknown project', { sub: 'proj:other:ci', jti: 'nightly' }],
    ['an unknown role', { sub: 'proj:team:none', jti: 'nightly' }],
    ['more than a role in its subject', { sub: 'proj:team:ci:login', jti: 'nightly' }],
    ['an unknown token of a role', { sub: 'proj:team:ci', jti: 'other' }],
    ['the time of issue of a token that has an id', { sub: 'proj:team:ci', jti: undefined }],
  ])('are refused with %s', async (_, change) => {
    await expect(verifyToken(context(), await signed({ ...good, ...change }), now)).rejects.toThrow('invalid session');
  });

  it.each([
    ['an API key', { sub: 'bot:apiKey', jti: 'key-1', exp: undefined }, 'bot'],
    ['a token of a role', { sub: 'proj:team:ci', jti: 'nightly', exp: undefined }, 'proj:team:ci'],
    ['a token of a role, of old', { sub: 'proj:team:old', jti: undefined }, 'proj:team:old'],
  ])('are accepted as %s', async (_, change, username) => {
    const user = await verifyToken(context(), await signed({ ...good, ...change }), now);
    expect(user).toMatchObject({ username, login: false });
  });

  it('are refused with another key or algorithm, when revoked, and when the account is disabled', async () => {
    const refuses = async (token: string, of = context()) =>
      expect(verifyToken(of, token, now)).rejects.toThrow('invalid session');
    await refuses(await signed(good, { key: `${secretKey()}.` }));
    await refuses(await signed(good, { alg: 'HS512' }));
    const [, payload] = (await signed(good)).split('.');
    await refuses(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`);
    await refuses(await signed(good), context([admin({ enabled: false })]));
    await refuses(await signed(good), context([admin()], ['j']));
  });

  it('have the id and life that was asked for', async () => {
    const token = await issueToken(context().accounts, { subject: 'bot:apiKey', id: 'x', lifeSeconds: 5 }, now);
    expect(decodeJwt(token)).toMatchObject({ jti: 'x', sub: 'bot:apiKey', exp: seconds + 5 });
    const endless = await issueToken(context().accounts, { subject: 'bot:apiKey', id: 'x' }, now);
    expect(decodeJwt(endless).exp).toBeUndefined();
  });
});
