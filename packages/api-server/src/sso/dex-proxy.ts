import { sessionCookie } from '@plumbline/protocol';
import type { DexSettings } from '@plumbline/settings';
import type { Logger } from '@plumbline/telemetry';
import type { Express, Request, RequestHandler, Response } from 'express';
import { apiFailure } from '../http/api-failure.ts';
import { moduleFor } from './routed-request.ts';

export interface DexProxyParts {
  dex: () => DexSettings | undefined;
  logger: Logger;
}

const timeoutMs = 30_000;
/** Of one connection only, and nobody else's business. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Cookies but our own session: dex is another program, perhaps of somebody else. */
function foreignCookies(header: string): string {
  const parts = header.split(';').map((part) => part.trim());
  return parts
    .filter((part) => !part.startsWith(`${sessionCookie}=`) && !part.startsWith(`${sessionCookie}-`))
    .join('; ');
}

function headersFor(request: Request): Record<string, string | string[]> {
  const kept = Object.entries(request.headers).flatMap(([name, value]) => {
    if (value === undefined || hopByHop.has(name)) return [];
    return [[name, name === 'cookie' ? foreignCookies(String(value)) : value] as const];
  });
  return {
    ...Object.fromEntries(kept.filter(([, value]) => value !== '')),
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': request.protocol,
  };
}

function pass(dex: DexSettings, request: Request, response: Response): Promise<void> {
  const url = new URL(request.originalUrl, dex.address);
  // A path like `//host/x` would name another host.
  if (url.origin !== new URL(dex.address).origin) throw apiFailure('InvalidArgument', 'no such path');
  return new Promise((resolve, reject) => {
    const { method } = request;
    const options = {
      method,
      headers: headersFor(request),
      timeout: timeoutMs,
      rejectUnauthorized: dex.verifyCertificate,
    };
    const upstream = moduleFor(url).request(url, options, (answer) => {
      const headers = Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name));
      response.status(answer.statusCode ?? 502);
      for (const [name, value] of headers) if (value !== undefined) response.setHeader(name, value);
      answer.pipe(response);
      answer.once('end', resolve).once('error', reject);
    });
    upstream.once('timeout', () => upstream.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
    upstream.once('error', reject);
    response.once('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}

/** dex under `/api/dex` (reference §8.3): browsers and command lines know only the API server. */
export function mountDexProxy(app: Express, { dex, logger }: DexProxyParts): void {
  const handle: RequestHandler = async (request, response) => {
    response.locals['route'] = 'dex';
    const target = dex();
    if (!target) throw apiFailure('NotFound', 'there is no dex: dex.config of argocd-cm is not set');
    try {
      await pass(target, request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) return;
      logger.warn('dex cannot be asked', { address: target.address, error });
      throw apiFailure('Unavailable', 'dex cannot be asked: see server.dex.server of argocd-cmd-params-cm', error);
    }
  };
  app.all('/api/dex{/*path}', handle);
}
