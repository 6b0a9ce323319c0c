import { decodeJwt, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { issueToken, verifyToken } from './tokens.ts';
import type { AccountSettings } from './user.ts';

const now = new Date('2026-05-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const secret = 'a key that is long enough for HS256';

const accounts = (admin: Partial<ReturnType<AccountSettings['admin']>> = {}): AccountSettings => ({
  admin: () => ({ enabled: true, passwordHash: 'x', passwordChangedAt: new Date('2026-04-01T00:00:00Z'), ...admin }),
  secretKey: () => secret,
});

const good = { iss: 'argocd', sub: 'admin:login', jti: 'j', iat: seconds, nbf: seconds, exp: seconds + 60 };

function signed(claims: Record<string, unknown>, options: { alg?: string; key?: string } = {}): Promise<string> {
  const key = new TextEncoder().encode(options.key ?? secret);
  return new SignJWT(claims).setProtectedHeader({ alg: options.alg ?? 'HS256' }).sign(key);
}

describe('session tokens', () => {
  it('carry the documented claims and are good for a day', async () => {
    const token = await issueToken(accounts(), 'admin', now);
    expect(decodeJwt(token)).toEqual({ ...good, jti: expect.any(String), exp: seconds + 24 * 3600 });
    expect(await verifyToken(accounts(), token, now)).toMatchObject({ username: 'admin', issuer: 'argocd' });
    await expect(verifyToken(accounts(), token, new Date(now.getTime() + 86_400_001))).rejects.toThrow(
      'invalid session',
    );
  });

  it('are accepted when another engine with the same key has signed them', async () => {
    expect(await verifyToken(accounts(), await signed(good), now)).toMatchObject({ username: 'admin' });
  });

  it.each([
    ['another issuer', { iss: 'someone' }],
    ['no expiry', { exp: undefined }],
    ['a start in the future', { nbf: seconds + 3600 }],
    ['another account', { sub: 'other:login' }],
    ['an API key', { sub: 'admin:apiKey' }],
    ['a project token', { sub: 'proj:default:role' }],
    ['an issue before the password changed', { iat: seconds - 40 * 86_400 }],
  ])('are refused with %s', async (_, change) => {
    await expect(verifyToken(accounts(), await signed({ ...good, ...change }), now)).rejects.toThrow('invalid session');
  });

  it('are refused with another key or algorithm, and when the account is disabled', async () => {
    await expect(verifyToken(accounts(), await signed(good, { key: `${secret}.` }), now)).rejects.toThrow(
      'invalid session',
    );
    await expect(verifyToken(accounts(), await signed(good, { alg: 'HS512' }), now)).rejects.toThrow('invalid session');
    const [, payload] = (await signed(good)).split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    await expect(verifyToken(accounts(), unsigned, now)).rejects.toThrow('invalid session');
    await expect(verifyToken(accounts({ enabled: false }), await signed(good), now)).rejects.toThrow('invalid session');
  });
});
