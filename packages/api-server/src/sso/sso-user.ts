import { createHash } from 'node:crypto';
import { decodeJwt, type JWTPayload } from 'jose';
import { apiFailure } from '../http/api-failure.ts';
import type { Revocations } from '../session/revocations.ts';
import type { User } from '../session/user.ts';
import type { Provider } from './provider.ts';
import type { UserInfo } from './user-info.ts';

/** Names of ours: a provider must not hand them out as users or groups. */
const reserved = /^(role|proj):/;

/** Groups by the claims that the settings name: texts, or lists of texts. */
function groupsOf(claims: JWTPayload, scopes: readonly string[]): string[] {
  const values = scopes.flatMap((scope) => claims[scope]);
  return values.filter((value): value is string => typeof value === 'string' && value !== '' && !reserved.test(value));
}

/** Who a token is about: for dex the user at the connector (its own subject is an encoding of that and the connector). */
function subjectOf({ sub = '', federated_claims: federated }: JWTPayload, { settings }: Provider): string {
  if (settings.route.origin === undefined) return sub;
  const id =
    typeof federated === 'object' && federated !== null && 'user_id' in federated ? federated.user_id : undefined;
  return typeof id === 'string' && id !== '' ? id : sub;
}

/** Who issued a token, as it says itself. */
export function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

export interface SsoContext {
  provider: () => Promise<Provider | undefined>;
  /** Claims that hold groups. */
  scopes: () => readonly string[];
  revocations: Pick<Revocations, 'isRevoked'>;
  userInfo: UserInfo;
}

/** What a token is known by: for its revocation, and for what belongs to its session. */
export function tokenIdOf(token: string, { jti }: JWTPayload): string {
  return jti ?? createHash('sha256').update(token).digest('hex');
}

/** The user of an ID token of the identity provider (reference §8.5). Throws Unauthenticated. */
export async function verifySsoToken(context: SsoContext, token: string, now: Date): Promise<User> {
  const provider = await context.provider();
  if (!provider) throw apiFailure('Unauthenticated', 'invalid session: there is no identity provider');
  const claims = await provider.verify(token, now).catch((error: unknown) => {
    throw apiFailure('Unauthenticated', 'invalid session: the token is not valid or has expired', error);
  });
  const { exp = 0, iat = 0, iss = '' } = claims;
  const sub = subjectOf(claims, provider);
  if (sub === '' || reserved.test(sub)) throw apiFailure('Unauthenticated', 'invalid session: no such user');
  const tokenId = tokenIdOf(token, claims);
  if (await context.revocations.isRevoked(tokenId)) {
    throw apiFailure('Unauthenticated', 'invalid session: the token was revoked');
  }
  const groups = groupsOf(await context.userInfo.claimsOf(provider, tokenId, claims), context.scopes());
  return { username: sub, issuer: iss, groups, expiresAt: exp, issuedAt: iat, tokenId, login: true };
}
