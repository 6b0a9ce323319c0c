import { createHash } from 'node:crypto';
import type { Store } from '@plumbline/store';
import type { JWTPayload } from 'jose';
import * as oidc from 'openid-client';
import { apiFailure } from '../http/api-failure.ts';
import type { Provider } from './provider.ts';

/** Claims that the provider tells only when it is asked (reference §10.1, `enableUserInfoGroups`). */
export interface UserInfo {
  /** Keeps what the provider is asked with, for as long as the session lasts. */
  remember(tokenId: string, accessToken: string, lifeSeconds: number): Promise<void>;
  /** The claims of a session's user; those of the ID token alone where it has come without an access token, from a command line. */
  claimsOf(provider: Provider, tokenId: string, claims: JWTPayload): Promise<JWTPayload>;
}

const defaultCacheMs = 300_000;
const maxKept = 10_000;

const keyOf = (tokenId: string): string => `sso-access:${createHash('sha256').update(tokenId).digest('hex')}`;

async function ask({ client, settings }: Provider, accessToken: string, subject: string): Promise<JWTPayload> {
  const { issuer, userInfo } = settings;
  if (!userInfo?.path) return { ...(await oidc.fetchUserInfo(client, accessToken, subject)) };
  const place = new URL(issuer.replace(/\/+$/, '') + userInfo.path);
  const answer = await oidc.fetchProtectedResource(client, accessToken, place, 'GET');
  const claims = (await answer.json()) as JWTPayload;
  if (!answer.ok || claims.sub !== subject) throw new Error('the answer is about somebody else');
  return claims;
}

/** A {@link UserInfo} that asks again when an answer is older than the settings allow. */
export function createUserInfo(store: Pick<Store, 'sealed'>, now: () => Date): UserInfo {
  const known = new Map<string, { claims: Promise<JWTPayload>; until: number }>();
  const look = async (provider: Provider, tokenId: string, claims: JWTPayload): Promise<JWTPayload> => {
    const accessToken = await store.sealed.get(keyOf(tokenId));
    if (!accessToken) return claims;
    try {
      return { ...claims, ...(await ask(provider, accessToken.toString('utf8'), claims.sub ?? '')) };
    } catch (error) {
      // Without its groups a user could do what they deny.
      throw apiFailure('Unauthenticated', 'invalid session: the identity provider does not tell the groups', error);
    }
  };
  return {
    remember: async (tokenId, accessToken, lifeSeconds) => {
      if (lifeSeconds > 0) await store.sealed.set(keyOf(tokenId), Buffer.from(accessToken), lifeSeconds);
    },
    claimsOf: async (provider, tokenId, claims) => {
      const { userInfo } = provider.settings;
      if (!userInfo) return claims;
      const time = now().getTime();
      const found = known.get(tokenId);
      if (found && time < found.until) return found.claims;
      const asked = look(provider, tokenId, claims);
      if (known.size >= maxKept) known.clear();
      known.set(tokenId, { claims: asked, until: time + (userInfo.cacheMs || defaultCacheMs) });
      asked.catch(() => known.delete(tokenId));
      return asked;
    },
  };
}
