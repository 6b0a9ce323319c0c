import type { RequestHandler } from 'express';

/** How long a browser remembers what it may, seconds. */
const rememberSeconds = 600;

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);

/**
 * Lets pages of `url` in argocd-cm read the answers, where they are not served from here themselves; pages of other sites are told
 * nothing, so that browsers keep the answers from them. Answers a browser's question beforehand (OPTIONS).
 */
export function allowOwnOrigin(ownUrl: () => string): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    const own = origin !== undefined && origin === originOf(ownUrl());
    if (origin !== undefined) response.vary('origin');
    if (own) response.set({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
    const asks = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (!asks) {
      next();
      return;
    }
    if (own) {
      response.set({
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': 'authorization, content-type, if-none-match',
        'access-control-expose-headers': 'etag',
        'access-control-max-age': String(rememberSeconds),
      });
    }
    response.status(204).end();
  };
}
