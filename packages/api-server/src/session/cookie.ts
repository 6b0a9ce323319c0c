import { sessionCookie } from '@plumbline/protocol';
import type { Request, Response } from 'express';

/** Browsers keep no cookie that is longer than 4096 bytes, name and attributes included. */
const maxValue = 3_900;
/** Argo CD's limit: more would not fit into the header that servers accept. */
const maxCookies = 20;

const partName = (index: number): string => (index === 0 ? sessionCookie : `${sessionCookie}-${index}`);

/** The value of a cookie; undefined where there is none. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/**
 * The token of a session from its cookies. One that is too long for a cookie is in several (reference §8.5): the first begins with
 * their number, `argocd.token=3:…`, the others are `argocd.token-1`, `argocd.token-2`.
 */
export function sessionTokenOf(header: string | undefined): string | undefined {
  const first = cookieOf(header, sessionCookie);
  const [, number = '', begin = ''] = /^(\d{1,3}):(.*)$/.exec(first ?? '') ?? [];
  if (number === '') return first;
  const count = Math.min(Number(number), maxCookies);
  const parts = Array.from({ length: count }, (_, index) => (index === 0 ? begin : cookieOf(header, partName(index))));
  return parts.includes(undefined) ? undefined : parts.join('');
}

function partsOf(token: string): string[] {
  if (token.length <= maxValue) return [token];
  const count = Math.ceil(token.length / maxValue);
  const parts = Array.from({ length: count }, (_, index) => token.slice(index * maxValue, (index + 1) * maxValue));
  return [`${count}:${parts[0]}`, ...parts.slice(1)];
}

/** Sets the cookies of a session, or with '' ends it: not readable by scripts, not sent by other sites' forms. */
export function setSessionCookie(request: Request, response: Response, token: string): void {
  const secure = request.secure ? '; Secure' : '';
  const set = (index: number, value: string): void => {
    const ending = value ? '' : '; Max-Age=0';
    response.append('set-cookie', `${partName(index)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${ending}`);
  };
  const parts = partsOf(token);
  if (parts.length > maxCookies) throw new RangeError(`a token of ${token.length} bytes does not fit into cookies`);
  for (const [index, part] of parts.entries()) set(index, part);
  // What is left of a longer one before.
  for (let index = parts.length; index < maxCookies; index += 1) {
    if (cookieOf(request.headers.cookie, partName(index)) !== undefined) set(index, '');
  }
}
