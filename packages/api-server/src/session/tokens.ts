import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { apiFailure } from '../http/api-failure.ts';
import type { AccountSettings, User } from './user.ts';

const issuer = 'argocd';
const adminName = 'admin';
/** Reference §10.1, `users.session.duration`. */
const sessionSeconds = 24 * 3600;

const key = (settings: AccountSettings) => new TextEncoder().encode(settings.secretKey());

/** A token of a log-in: HS256, claims as Argo CD's (reference §8.5), good for 24 hours. */
export async function issueToken(settings: AccountSettings, username: string, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(`${username}:login`)
    .setJti(randomUUID())
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + sessionSeconds)
    .sign(key(settings));
}

/**
 * The user of a token. Throws Unauthenticated where the signature, algorithm, issuer or times are wrong, the account is not
 * the enabled administrator, or the password has changed since (reference §8.5).
 */
export async function verifyToken(settings: AccountSettings, token: string, now: Date): Promise<User> {
  const claims = await jwtVerify(token, key(settings), {
    algorithms: ['HS256'],
    issuer,
    requiredClaims: ['sub', 'iat', 'exp'],
    currentDate: now,
  }).then(
    ({ payload }) => payload,
    (error: unknown) => {
      throw apiFailure('Unauthenticated', 'invalid session: the token is not valid or has expired', error);
    },
  );
  const admin = settings.admin();
  if (claims.sub !== `${adminName}:login` || !admin.enabled) {
    throw apiFailure('Unauthenticated', 'invalid session: no such account, or it is disabled');
  }
  const changedAt = Math.floor((admin.passwordChangedAt?.getTime() ?? 0) / 1000);
  if ((claims.iat ?? 0) < changedAt) {
    throw apiFailure('Unauthenticated', 'invalid session: the password has changed since the token was issued');
  }
  return { username: adminName, issuer, expiresAt: claims.exp ?? 0 };
}
