import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { buildConnector, type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici';
import type { Endpoint } from '../access/endpoint.ts';
import { beatMs, createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { RenewablePool } from './renewable-pool.ts';

/** One request in flight per connection: more connections than this only queue inside the API server. */
const requestConnections = 16;
/** Shorter than the API server's own 90 s, so that it never closes a connection that we are about to use. */
const keepAliveMs = 60_000;
const answerTimeoutMs = 60_000;
const connectTimeoutMs = 10_000;

/** Where requests go, and where watches go. */
export interface Dispatchers {
  requests: Dispatcher;
  watches: Dispatcher;
  close(): Promise<void>;
}

function proxied(endpoint: Endpoint, proxyUrl: string): Dispatcher {
  const options = { requestTls: endpoint.tls, keepAliveTimeout: keepAliveMs, headersTimeout: answerTimeoutMs };
  return proxyUrl.startsWith('socks')
    ? new Socks5ProxyAgent(proxyUrl, options)
    : new ProxyAgent({ uri: proxyUrl, ...options });
}

/** A connector that remembers its open sockets, and has an eye on those that can be asked whether the server is there. */
function rememberSockets(
  connect: buildConnector.connector,
  heartbeat: Heartbeat,
): {
  connector: buildConnector.connector;
  sockets: Set<Socket>;
} {
  const sockets = new Set<Socket>();
  const connector: buildConnector.connector = (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result;
      if (socket) {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') heartbeat.watch(socket);
      }
      callback(...result);
    });
  return { connector, sockets };
}

function direct(endpoint: Endpoint): { requests: RenewablePool; watches: Dispatcher; sockets: ReadonlySet<Socket> } {
  const { origin } = new URL(endpoint.server);
  // One for all connections: reading the certificates costs more than the rest of a handshake. A certificate that is
  // given as authority is trusted although another has signed it, as Kubernetes' own clients do.
  const secureContext = createSecureContext({ ...endpoint.tls, allowPartialTrustChain: true });
  const connect = { ...endpoint.tls, secureContext, timeout: connectTimeoutMs };
  const common = {
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  };
  // Measured: HTTP/1.1 costs a fifth less CPU per apply than HTTP/2 ...
  const options = { ...common, connect, connections: requestConnections, pipelining: 1, allowH2: false };
  const requests = new RenewablePool(() => new Pool(origin, options));
  // What has cut one connection off has likely cut off those that idle beside it, too, and they cannot be asked.
  const heartbeat = createHeartbeat(() => requests.renew());
  const { connector, sockets } = rememberSockets(buildConnector({ ...connect, allowH2: true }), heartbeat);
  return {
    requests,
    // ... but 60 watches over one HTTP/2 connection save 15 MB here and as much in the API server.
    watches: new Pool(origin, {
      ...common,
      connect: connector,
      connections: null,
      allowH2: true,
      h2Options: { maxConcurrentStreams: 200, pingInterval: beatMs },
    }),
    sockets,
  };
}

/** Connection pools of an endpoint. Nothing is opened before the first request. */
export function createDispatchers(endpoint: Endpoint): Dispatchers {
  const { requests, watches, sockets } = endpoint.proxyUrl
    ? {
        requests: proxied(endpoint, endpoint.proxyUrl),
        watches: proxied(endpoint, endpoint.proxyUrl),
        sockets: new Set<Socket>(),
      }
    : direct(endpoint);
  return {
    requests,
    watches,
    close: async () => {
      await requests.destroy();
      await closeSockets(sockets);
      await watches.destroy();
    },
  };
}

/**
 * Ends HTTP/2 connections from below, without an error: destroying the pool while a stream that was given up is still
 * open raises an error that nobody can listen to.
 */
async function closeSockets(sockets: ReadonlySet<Socket>): Promise<void> {
  await Promise.all(
    [...sockets].map(async (socket) => {
      // Not `once` of node:events: it rejects where the socket was just ended with an error, by a request that was given up.
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      await closed;
    }),
  );
}
