import { sessionCookie } from '@plumbline/protocol';
import type { Request, Response } from 'express';

/** Sets the cookie of a session, or with '' ends it: not readable by scripts, not sent by other sites' forms. */
export function setSessionCookie(request: Request, response: Response, token: string): void {
  const ending = token ? '' : '; Max-Age=0';
  const secure = request.secure ? '; Secure' : '';
  response.append('set-cookie', `${sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Lax${secure}${ending}`);
}
