import type { Tracing } from '@plumbline/telemetry';
import type { RequestHandler } from 'express';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Traces requests that change something, webhooks among them; goes on with the trace of a caller who has one. */
export function traceWrites(tracing: Tracing): RequestHandler {
  return (request, response, next) => {
    if (reading.has(request.method)) {
      next();
      return;
    }
    const parent = request.get('traceparent');
    const name = request.path === '/api/webhook' ? 'webhook' : `http ${request.method}`;
    const attributes = { 'http.request.method': request.method, 'url.path': request.path };
    void tracing.begin(name, { parent, attributes }, async () => {
      const closed = new Promise((resolve) => response.once('close', resolve));
      next();
      await closed;
    });
  };
}
