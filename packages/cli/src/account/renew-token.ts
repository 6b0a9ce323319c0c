import { errorMessage } from '@plumbline/errors';
import { createApiClient } from '@plumbline/protocol';
import * as oidc from 'openid-client';
import { type ConfigFile, readConfig, writeConfig } from '../config/config-file.ts';
import { withConfigLock } from '../config/config-lock.ts';
import { type Context, contextOf, withTokens } from '../config/contexts.ts';
import { Fatal } from '../fatal.ts';
import { hasEnded, tokenClaims } from '../token-claims.ts';
import { findProvider } from './identity-provider.ts';

export interface RenewOptions {
  /** Of the configuration file. */
  path: string;
  fetch: typeof fetch | undefined;
  now: () => Date;
}

/** Tokens that a provider has given. */
interface Tokens {
  token: string;
  /** The one to use next. */
  refreshToken: string;
}

/** The provider does not take the refresh token any longer. */
class Refused extends Error {}

function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof oidc.ResponseBodyError) || error.status >= 500 || error.status === 429) return undefined;
  return error.error_description ?? error.error;
}

async function redeem(context: Context, refreshToken: string, { fetch }: RenewOptions): Promise<Tokens> {
  const url = context.server.server;
  const provider = await findProvider(await createApiClient({ url, fetch }).call('settings'), { url, fetch });
  const tokens = await oidc.refreshTokenGrant(provider.client, refreshToken).catch((error: unknown) => {
    const refusal = refusalOf(error);
    throw refusal === undefined ? error : new Refused(refusal);
  });
  const { id_token: token } = tokens;
  if (!token) throw new Refused(`${provider.name} gives no ID token for a refresh token`);
  if (tokenClaims(token).sub !== tokenClaims(context.token).sub) throw new Refused('the new token is of somebody else');
  return { token, refreshToken: tokens.refresh_token ?? refreshToken };
}

async function renewIn(file: ConfigFile, context: Context, options: RenewOptions): Promise<string | undefined> {
  const { refreshToken, token: former, name } = context;
  // Another plumb was faster.
  if (!refreshToken || !hasEnded(former, options.now())) return former;
  try {
    const tokens = await redeem(context, refreshToken, options);
    await writeConfig(options.path, withTokens(file, name, tokens));
    return tokens.token;
  } catch (error) {
    const refused = error instanceof Refused;
    if (refused) await writeConfig(options.path, withTokens(file, name, { token: former }));
    const what = refused ? 'has ended and is not renewed' : 'has ended and cannot be renewed now';
    throw new Fatal(`the session at ${context.server.server} ${what}: ${errorMessage(error)}`, {
      next: refused ? 'plumb relogin' : 'try again, or plumb relogin',
    });
  }
}

/**
 * Exchanges the refresh token of a context for a new session, and keeps both. Processes of one user do so one after the
 * other: a refresh token may be good for one time. Throws Fatal; one that is refused is forgotten.
 */
export function renewToken({ name }: Context, options: RenewOptions): Promise<string | undefined> {
  return withConfigLock(options.path, async () => {
    const file = await readConfig(options.path);
    const context = contextOf(file, name);
    return context && renewIn(file, context, options);
  });
}
