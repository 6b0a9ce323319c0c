import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkHost } from '../network/guard.ts';
import type { RepositoryAccess } from '../types.ts';
import { agentSettingsFor, createAgents } from './agents.ts';

interface SendOptions {
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Whose TLS and proxy settings hold. */
  access: RepositoryAccess;
}

/** An answer whose body is read once. */
interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: AsyncIterable<Uint8Array>;
}

/** A request, or a body, that stands still this long (ms) is given up. */
const stallMs = 15_000;

/**
 * One request over a connection of its own, no redirect followed. Rejects when there is no answer; the body may throw
 * later. `use` is where the body is read: the connection ends with it.
 */
export async function send<T>(url: string, options: SendOptions, use: (answer: Answer) => Promise<T>): Promise<T> {
  const settings = agentSettingsFor(url, options.access);
  if (settings.foreign) await checkHost(new URL(url).hostname);
  const agents = createAgents(settings);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const start = url.startsWith('https:') ? httpsRequest : httpRequest;
      const headers = { 'user-agent': 'plumbline', ...options.headers };
      const request = start(url, { method: options.method, headers, agent: agents.agentFor(url), timeout: stallMs });
      request.on('response', resolve);
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error(`no answer within ${stallMs / 1000} s`)));
      request.end(options.body);
    });
    return await use({ status: response.statusCode ?? 0, headers: response.headers, body: response });
  } finally {
    agents.close();
  }
}

/** The whole body as text. Throws `RangeError` beyond the limit (bytes). */
export async function readText(body: AsyncIterable<Uint8Array>, limit = 1024 * 1024): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) throw new RangeError(`the answer is larger than ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
