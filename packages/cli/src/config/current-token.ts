import type { RenewOptions } from '../account/renew-token.ts';
import { hasEnded } from '../token-claims.ts';
import type { Context } from './contexts.ts';

/** The token of a context; a new one where it has ended and a log-in with SSO has left a refresh token. */
export async function currentToken(context: Context, options: RenewOptions): Promise<string | undefined> {
  if (!context.refreshToken || !hasEnded(context.token, options.now())) return context.token;
  // Large, and seldom needed.
  const { renewToken } = await import('../account/renew-token.ts');
  return renewToken(context, options);
}
