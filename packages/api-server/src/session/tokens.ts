import { randomUUID } from 'node:crypto';
import type { LocalAccount } from '@plumbline/settings';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { apiFailure } from '../http/api-failure.ts';
import type { ProjectCache } from '../projects/project-cache.ts';
import { hasProjectToken } from '../projects/role-tokens.ts';
import type { Revocations } from './revocations.ts';
import type { AccountSettings, User } from './user.ts';

export const issuer = 'argocd';

const key = (settings: Pick<AccountSettings, 'secretKey'>) => new TextEncoder().encode(settings.secretKey());

/** What a token says. */
export interface TokenRequest {
  /** `<account>:login`, `<account>:apiKey` or `proj:<project>:<role>`. */
  subject: string;
  /** Default: a random one. */
  id?: string | undefined;
  /** Absent or 0: the token does not end. */
  lifeSeconds?: number | undefined;
}

/** A signed token: HS256, claims as Argo CD's (reference §8.5). */
export async function issueToken(
  settings: Pick<AccountSettings, 'secretKey'>,
  { subject, id = randomUUID(), lifeSeconds = 0 }: TokenRequest,
  now: Date,
): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  const token = new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(subject)
    .setJti(id)
    .setIssuedAt(seconds)
    .setNotBefore(seconds);
  if (lifeSeconds > 0) token.setExpirationTime(seconds + lifeSeconds);
  return token.sign(key(settings));
}

/** A token of a log-in, good for as long as the settings say. */
export function issueLogin(settings: AccountSettings, username: string, now: Date): Promise<string> {
  const lifeSeconds = Math.floor(settings.access().sessionMs / 1000);
  return issueToken(settings, { subject: `${username}:login`, lifeSeconds }, now);
}

/** What tokens are checked against. */
export interface TokenContext {
  accounts: AccountSettings;
  projects: Pick<ProjectCache, 'get'>;
  revocations: Pick<Revocations, 'isRevoked'>;
}

const refused = (reason: string) => apiFailure('Unauthenticated', `invalid session: ${reason}`);

async function claimsOf(accounts: AccountSettings, token: string, now: Date): Promise<JWTPayload> {
  try {
    const options = { algorithms: ['HS256'], issuer, requiredClaims: ['sub', 'iat'], currentDate: now };
    return (await jwtVerify(token, key(accounts), options)).payload;
  } catch (error) {
    throw apiFailure('Unauthenticated', 'invalid session: the token is not valid or has expired', error);
  }
}

function checkAccount(account: LocalAccount | undefined, kind: string, claims: JWTPayload): void {
  if (!account?.enabled) throw refused('no such account, or it is disabled');
  const capability = account.capabilities.find((word) => word === kind);
  if (!capability) throw refused(`the account does not have the capability ${kind}`);
  if (capability === 'login' && claims.exp === undefined) throw refused('the token is not valid or has expired');
  if (capability === 'apiKey' && !account.tokens.some(({ id }) => id === claims.jti)) {
    throw refused('the account has no such token');
  }
  const changedAt = Math.floor((account.passwordChangedAt?.getTime() ?? 0) / 1000);
  if ((claims.iat ?? 0) < changedAt) throw refused('the password has changed since the token was issued');
}

/**
 * The user of a token. Throws Unauthenticated where signature, algorithm, issuer or times are wrong, the token was revoked,
 * its account is gone, disabled or lacks the capability, or the password has changed since (reference §8.5).
 */
export async function verifyToken(context: TokenContext, token: string, now: Date): Promise<User> {
  const claims = await claimsOf(context.accounts, token, now);
  const { sub = '', jti = '', exp = 0, iat = 0 } = claims;
  const user = { issuer, groups: [], expiresAt: exp, issuedAt: iat, tokenId: jti };
  const [first = '', project = '', role = '', ...rest] = sub.split(':');
  if (first === 'proj') {
    if (rest.length > 0 || !hasProjectToken(context.projects.get(project), { role, id: jti, issuedAt: iat })) {
      throw refused('the role has no such token');
    }
    return { ...user, username: sub, login: false };
  }
  const colon = sub.lastIndexOf(':');
  const [username, kind] = colon < 0 ? [sub, 'login'] : [sub.slice(0, colon), sub.slice(colon + 1)];
  checkAccount(
    context.accounts.access().accounts.find(({ name }) => name === username),
    kind,
    claims,
  );
  if (jti === '' || (await context.revocations.isRevoked(jti))) throw refused('the token was revoked');
  return { ...user, username, login: kind === 'login' };
}
