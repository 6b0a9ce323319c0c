import { once } from 'node:events';
import { createServer, type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Endpoint } from '../access/endpoint.ts';

/** An answer in place of the API server's, or what to put at the front of a watch's stream. */
interface Fault {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

/** Bytes to pass on, and whether the stream ends after them. */
interface ChunkFate {
  bytes: Buffer;
  end?: boolean;
}

/** A plain HTTP proxy to an API server that logs in for its clients and can answer in the server's place. */
export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Requests so far, as `METHOD path?query`. */
  readonly requests: readonly string[];
  /** Decides for each request; `undefined` lets it through. */
  onRequest: (method: string, path: string) => Fault | undefined;
  /** What becomes of each piece of a watch's stream on its way to the client. */
  onChunk: (chunk: Buffer, path: string) => ChunkFate | Promise<ChunkFate>;
  /** Ends all watches and lets none begin while the work is done. */
  pauseWatches(work: () => Promise<void>): Promise<void>;
  /** Headers to set on what is let through. */
  headers: Record<string, string>;
}

/** Lets no watch begin while work is done, and ends those that are there. */
function createWatchGate() {
  const watches = new Set<ServerResponse>();
  let paused: Promise<void> = Promise.resolve();
  return {
    async enter(response: ServerResponse): Promise<void> {
      await paused;
      watches.add(response);
      response.on('close', () => watches.delete(response));
    },
    async pause(work: () => Promise<void>): Promise<void> {
      const gate = Promise.withResolvers<void>();
      paused = gate.promise;
      for (const response of watches) response.destroy();
      try {
        await work();
      } finally {
        gate.resolve();
      }
    },
  };
}

type Interference = Pick<FaultProxy, 'onRequest' | 'onChunk' | 'headers'>;

type OnChunk = (chunk: Buffer) => ChunkFate | Promise<ChunkFate>;

/** Passes the stream of a watch on, as far as it may go. */
async function passWatch(answer: IncomingMessage, response: ServerResponse, onChunk: OnChunk): Promise<void> {
  try {
    for await (const chunk of answer) {
      const { bytes, end } = await onChunk(chunk as Buffer);
      if (bytes.length > 0) response.write(bytes);
      if (end) break;
    }
    response.end();
  } catch {
    response.destroy();
  }
}

function isWatch(url: string): boolean {
  return url.includes('watch=1');
}

/** Asks the API server in the client's place. */
async function forward(
  endpoint: Endpoint,
  proxy: Interference,
  { incoming, response }: { incoming: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { method = 'GET', url = '/' } = incoming;
  const authorization = await endpoint.authorization(false);
  const { host: _host, ...headers } = incoming.headers;
  const send = endpoint.server.startsWith('https:') ? request : plainRequest;
  const outgoing = send(endpoint.server + url, {
    method,
    headers: { ...headers, ...proxy.headers, ...(authorization ? { authorization } : {}) },
    ...endpoint.tls,
  });
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    const watched = isWatch(url) && answer.statusCode === 200;
    if (watched) void passWatch(answer, response, (chunk) => proxy.onChunk(chunk, url));
    else answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

export async function startFaultProxy(endpoint: Endpoint): Promise<FaultProxy> {
  const requests: string[] = [];
  const gate = createWatchGate();
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = incoming;
    requests.push(`${method} ${url}`);
    if (isWatch(url)) await gate.enter(response);
    const fault = proxy.onRequest(method, url);
    if (!fault) return forward(endpoint, proxy, { incoming, response });
    response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(fault.body);
  };
  const server = createServer((incoming, response) => void serve(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    onRequest: () => undefined,
    onChunk: (bytes) => ({ bytes }),
    headers: {},
    pauseWatches: gate.pause,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

/** The `Status` that an API server answers errors with. */
export function statusBody(code: number, reason: string, message: string): string {
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code });
}
