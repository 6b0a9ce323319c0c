import type { Request, RequestHandler } from 'express';
import { cameByCookie } from '../session/authenticate.ts';
import { apiFailure } from './api-failure.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** Whether a page of another site makes a browser send the request, with its cookie. */
export function isForeign(request: Pick<Request, 'headers'>, ownUrl: string): boolean {
  if (!cameByCookie(request)) return false;
  const { origin, host = '' } = request.headers;
  const own = [host, hostOf(ownUrl)].filter((name) => name !== '');
  return origin !== undefined ? !own.includes(hostOf(origin)) : request.headers['sec-fetch-site'] === 'cross-site';
}

/**
 * Refuses writes that a page of another site makes a browser send with its cookie. The content type keeps forms out already;
 * this holds also where a browser or proxy is less strict. Tokens in the Authorization header are sent by no browser by itself.
 */
export function refuseForeignOrigin(ownUrl: () => string): RequestHandler {
  return (request, _response, next) => {
    if (!reading.has(request.method) && isForeign(request, ownUrl())) {
      throw apiFailure('PermissionDenied', 'requests from other sites are refused');
    }
    next();
  };
}
