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

export async function startFaultProxy(endpoint: Endpoint): Promise<FaultProxy> {
  const requests: string[] = [];
  const watches = new Set<ServerResponse>();
  let paused: Promise<void> = Promise.resolve();
  const forward = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = incoming;
    requests.push(`${method} ${url}`);
    if (url.includes('watch=1')) {
      await paused;
      watches.add(response);
      response.on('close', () => watches.delete(response));
    }
    const fault = proxy.onRequest(method, url);
    if (fault) {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(fault.body);
      return;
    }
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
      if (url.includes('watch=1') && answer.statusCode === 200) void passWatch(answer, response, url);
      else answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  };
  const passWatch = async (answer: IncomingMessage, response: ServerResponse, url: string): Promise<void> => {
    try {
      for await (const chunk of answer) {
        const { bytes, end } = await proxy.onChunk(chunk as Buffer, url);
        if (bytes.length > 0) response.write(bytes);
        if (end) break;
      }
      response.end();
    } catch {
      response.destroy();
    }
  };
  const server = createServer((incoming, response) => void forward(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    onRequest: () => undefined,
    onChunk: (bytes) => ({ bytes }),
    headers: {},
    pauseWatches: async (work) => {
      const gate = Promise.withResolvers<void>();
      paused = gate.promise;
      for (const response of watches) response.destroy();
      try {
        await work();
      } finally {
        gate.resolve();
      }
    },
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
