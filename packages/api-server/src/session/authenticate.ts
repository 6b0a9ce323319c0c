import { sessionCookie } from '@plumbline/protocol';
import type { Request } from 'express';
import { issuerOf, type SsoContext, verifySsoToken } from '../sso/sso-user.ts';
import { issuer, type TokenContext, verifyToken } from './tokens.ts';
import type { Authenticate } from './user.ts';

/** The value of a cookie; undefined where there is none. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

const bearerOf = (request: Pick<Request, 'headers'>): string | undefined =>
  /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** The token of a request: `Authorization: Bearer`, then the cookie (reference §8.5). Never the query. */
export function tokenOf(request: Pick<Request, 'headers'>): string | undefined {
  return bearerOf(request) || cookieOf(request.headers.cookie, sessionCookie) || undefined;
}

/** Whether the token of a request came by itself, with the cookie that browsers send. */
export function cameByCookie(request: Pick<Request, 'headers'>): boolean {
  return !bearerOf(request) && Boolean(cookieOf(request.headers.cookie, sessionCookie));
}

/** Authenticates requests by their token: one of our own, or of the identity provider. */
export function createAuthenticate(context: TokenContext & SsoContext, now: () => Date): Authenticate {
  return async (request) => {
    const token = tokenOf(request);
    if (!token) return undefined;
    const foreign = context.accounts.access().oidc !== undefined && issuerOf(token) !== issuer;
    return foreign ? verifySsoToken(context, token, now()) : verifyToken(context, token, now());
  };
}
