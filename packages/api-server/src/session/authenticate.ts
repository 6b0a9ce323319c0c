import { sessionCookie } from '@plumbline/protocol';
import type { Request } from 'express';
import { verifyToken } from './tokens.ts';
import type { AccountSettings, Authenticate } from './user.ts';

/** The value of a cookie; undefined where there is none. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** The token of a request: `Authorization: Bearer`, then the cookie (reference §8.5). Never the query. */
export function tokenOf(request: Pick<Request, 'headers'>): string | undefined {
  const bearer = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer || cookieOf(request.headers.cookie, sessionCookie) || undefined;
}

/** Authenticates requests by their token. */
export function createAuthenticate(settings: AccountSettings, now: () => Date): Authenticate {
  return async (request) => {
    const token = tokenOf(request);
    return token ? verifyToken(settings, token, now()) : undefined;
  };
}
