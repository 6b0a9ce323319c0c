import { performance } from 'node:perf_hooks';
import { constants } from 'node:zlib';
import { errorBody, routes } from '@plumbline/protocol';
import type { Logger, Metrics } from '@plumbline/telemetry';
import compression from 'compression';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Authenticate } from '../session/user.ts';
import { apiFailure } from './api-failure.ts';
import { errorAnswer } from './error-answer.ts';
import { sendJson } from './mount.ts';

/** Compresses answers that are worth it, at the price of least CPU; streams forbid it. */
export const compressAnswers: RequestHandler = compression({
  level: constants.Z_BEST_SPEED,
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
});

/** Headers that keep a browser from guessing types or framing the answers. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'sameorigin',
    'content-security-policy': "frame-ancestors 'self'",
    'cache-control': 'no-store',
  });
  next();
};

/** Counts requests by route (never by path, which is unbounded) and times those that are no streams. */
export function measure(metrics: Metrics): RequestHandler {
  const labels = ['method', 'route'];
  const total = metrics.counter({
    name: 'plumbline_http_requests_total',
    help: 'Requests to the REST API.',
    labels: [...labels, 'code'],
  });
  const seconds = metrics.histogram({
    name: 'plumbline_http_request_duration_seconds',
    help: 'Duration of requests to the REST API; streams are left out.',
    labels,
  });
  return (request, response, next) => {
    const start = performance.now();
    response.once('close', () => {
      const route: unknown = response.locals['route'];
      const of = { method: request.method, route: typeof route === 'string' ? route : 'other' };
      total.inc({ ...of, code: String(response.statusCode) });
      if (!of.route.startsWith('watch')) seconds.observe(of, (performance.now() - start) / 1000);
    });
    next();
  };
}

/** The methods that a path of the route table takes. */
function methodsAt(path: string): string[] {
  const parts = path.split('/');
  const fits = (pattern: string): boolean => {
    const wanted = pattern.split('/');
    return (
      wanted.length === parts.length && wanted.every((part, index) => part.startsWith('{') || part === parts[index])
    );
  };
  return [...new Set(Object.values(routes).flatMap(({ path: pattern, method }) => (fits(pattern) ? [method] : [])))];
}

/** Answers what no route takes. A stranger is not told what routes of the API there are. */
export function unknownRoute(authenticate: Authenticate): RequestHandler {
  return async (request, response) => {
    if (request.path.startsWith('/api/') && !(await authenticate(request))) {
      throw apiFailure('Unauthenticated', 'no session information');
    }
    const methods = methodsAt(request.path);
    if (methods.length > 0) {
      const text = `${request.path} takes ${methods.join(', ')}, not ${request.method}`;
      sendJson(response.set('allow', methods.join(', ')), errorBody('Unimplemented', text), 405);
      return;
    }
    throw apiFailure('NotFound', `no such route: ${request.method} ${request.path}`);
  };
}

/** Answers thrown values (reference §8.1). Only what is not the caller's doing is logged as an error. */
export function answerErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const requestId: unknown = response.locals['requestId'];
    const { status, body } = errorAnswer(error);
    const log = status >= 500 ? logger.error : logger.debug;
    log('request refused', { requestId, method: request.method, path: request.path, status, error });
    if (response.headersSent) {
      next(error);
      return;
    }
    sendJson(response, body, status);
  };
}
