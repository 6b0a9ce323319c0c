import { errorMessage } from '@plumbline/errors';
import type { JWTPayload } from 'jose';
import * as oidc from 'openid-client';
import type { Provider } from './provider.ts';

/** What a provider gives for a refresh token, checked as at a log-in. */
export interface RefreshedTokens {
  idToken: string;
  claims: JWTPayload;
  accessToken: string;
  /** The one to use next. */
  refreshToken: string;
}

/** A refresh token is of no more use. The message holds no token. */
export class RefreshRefused extends Error {}

function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof oidc.ResponseBodyError || error instanceof oidc.WWWAuthenticateChallengeError))
    return undefined;
  if (error.status >= 500 || error.status === 429) return undefined;
  return error instanceof oidc.ResponseBodyError ? error.error : `status ${error.status}`;
}

/**
 * Exchanges a refresh token. Throws {@link RefreshRefused} where the provider does not take it, or gives no ID token of this
 * subject that is valid; anything else that is thrown may go by itself.
 */
export async function refreshTokens(
  provider: Provider,
  { refreshToken, subject }: { refreshToken: string; subject: string },
  now: () => Date,
): Promise<RefreshedTokens> {
  const tokens = await oidc.refreshTokenGrant(provider.client, refreshToken).catch((error: unknown) => {
    const refusal = refusalOf(error);
    throw refusal === undefined ? error : new RefreshRefused(refusal);
  });
  const { id_token: idToken, access_token: accessToken } = tokens;
  if (!idToken) throw new RefreshRefused('the answer has no ID token');
  const claims = await provider.verify(idToken, now()).catch((error: unknown) => {
    throw new RefreshRefused(`the new ID token is not valid: ${errorMessage(error)}`);
  });
  if (claims.sub !== subject) throw new RefreshRefused('the new ID token is about somebody else');
  return { idToken, claims, accessToken, refreshToken: tokens.refresh_token ?? refreshToken };
}

/** What a log-in asks for so that a refresh token comes with it; nothing where sessions are not renewed. */
export function offlineParameters({ settings, client }: Provider): { scope: string; access_type?: 'offline' } {
  const { scopes, refreshThresholdMs } = settings;
  const scope = scopes.join(' ');
  if (refreshThresholdMs === 0 || scopes.includes('offline_access')) return { scope };
  if (client.serverMetadata().scopes_supported?.includes('offline_access')) return { scope: `${scope} offline_access` };
  // Providers without the scope have this parameter for it; others ignore it.
  return { scope, access_type: 'offline' };
}
