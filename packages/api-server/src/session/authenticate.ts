import type { Request } from 'express';
import { apiFailure } from '../http/api-failure.ts';
import { issuerOf, type SsoContext, verifySsoToken } from '../sso/sso-user.ts';
import { sessionTokenOf } from './cookie.ts';
import { issuer, type TokenContext, verifyToken } from './tokens.ts';
import type { Authenticate } from './user.ts';

const bearerOf = (request: Pick<Request, 'headers'>): string | undefined =>
  /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** The token of a request: `Authorization: Bearer`, then the cookie (reference §8.5). Never the query. */
export function tokenOf(request: Pick<Request, 'headers'>): string | undefined {
  return bearerOf(request) || sessionTokenOf(request.headers.cookie) || undefined;
}

/** Whether the token of a request came by itself, with the cookie that browsers send. */
export function cameByCookie(request: Pick<Request, 'headers'>): boolean {
  return !bearerOf(request) && Boolean(sessionTokenOf(request.headers.cookie));
}

/** Authenticates requests by their token: one of our own, or of the identity provider. */
export function createAuthenticate(context: TokenContext & SsoContext, now: () => Date): Authenticate {
  return async (request) => {
    const token = tokenOf(request);
    if (!token) return undefined;
    const { oidc } = context.accounts.access();
    const by = issuerOf(token);
    if (!oidc || by === issuer) return verifyToken(context, token, now());
    // The provider is asked about its own tokens only, whether it answers or not.
    if (by !== oidc.issuer) throw apiFailure('Unauthenticated', 'invalid session: nobody here has issued the token');
    return verifySsoToken(context, token, now());
  };
}
