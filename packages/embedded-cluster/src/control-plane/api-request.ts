import { request } from 'node:https';
import type { Credentials } from './credentials.ts';

interface ApiAnswer {
  status: number;
  body: unknown;
}

/** One request to the API server as its administrator. Throws on network errors only. */
export type ApiRequest = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<ApiAnswer>;

/** Enough of a client to wait for a start; nothing else should use it. Aborting breaks off what is on its way. */
export function apiRequests(server: string, { authority, clients }: Credentials, signal?: AbortSignal): ApiRequest {
  const { certificate, key } = clients.admin;
  const tls = { ca: authority.certificate, cert: certificate, key, agent: false as const, signal };
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      // Without a length Node sends the body of a DELETE so that no server takes it for one.
      const length = text === undefined ? 0 : Buffer.byteLength(text);
      const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': length };
      const sent = request(new URL(path, server), { ...tls, method, headers, timeout: 5_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) }));
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path} within 5 s`)));
      sent.on('error', reject);
      sent.end(text);
    });
}

function parsed(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
