import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlumblineError } from '@plumbline/errors';
import type { Upgrade } from '../terminal/terminal.ts';
import type { ServerCertificate } from '../tls/server-certificate.ts';

// An import statement would load everything that the module exports lazily, a WebSocket client among it: 13 MB.
const { createServer } = process.getBuiltinModule('node:http');

/** How often a certificate is read anew: it may have been renewed. */
const certificateMs = 60_000;

/** Clients offer to go over to HTTP/2 with any request; without this their requests would not be taken as such. */
const shouldUpgradeCallback = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/** A certificate, read anew now and then. */
export type ReadCertificate = () => Promise<ServerCertificate>;

export interface Listening {
  url: string;
  /** Stops taking requests and waits for those that run, at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** The host as it stands in a URL: any-address becomes loopback, IPv6 gets brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

export interface ListenOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** For TLS, 1.2 or newer; absent: plain HTTP. */
  certificate?: ReadCertificate | undefined;
  /** The certificate could not be read anew, or not be used: the last good one stays. */
  onStale?: ((error: unknown) => void) | undefined;
  /** Takes connections that ask for another protocol. */
  upgrade?: Upgrade | undefined;
}

async function secureServer(
  handler: RequestListener,
  { certificate: read, onStale }: { certificate: ReadCertificate; onStale: ListenOptions['onStale'] },
): Promise<Server> {
  const https = process.getBuiltinModule('node:https');
  let current = await read();
  const server = https.createServer({ ...current, minVersion: 'TLSv1.2', shouldUpgradeCallback }, handler);
  const renew = async (): Promise<void> => {
    const next = await read();
    if (next.cert === current.cert && next.key === current.key) return;
    current = next;
    server.setSecureContext({ ...next, minVersion: 'TLSv1.2' });
  };
  // One that cannot be read or used is left alone: the last good one stays.
  const timer = setInterval(() => void renew().catch((error: unknown) => onStale?.(error)), certificateMs);
  timer.unref();
  server.once('close', () => clearInterval(timer));
  return server;
}

/** Serves HTTP, with a certificate over TLS. Throws `API_LISTEN` where the port is taken. */
export async function listen(handler: RequestListener, address: ListenOptions): Promise<Listening> {
  const { certificate } = address;
  const server = certificate
    ? await secureServer(handler, { certificate, onStale: address.onStale })
    : createServer({ shouldUpgradeCallback }, handler);
  if (address.upgrade) server.on('upgrade', address.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const where = `${address.host}:${address.port}`;
      const hint = 'choose another port, or stop what uses this one';
      reject(new PlumblineError('API_LISTEN', `cannot listen on ${where}: ${error.message}`, { hint, cause: error }));
    });
    server.listen(address.port, address.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate ? 'https' : 'http'}://${urlHost(address.host)}:${port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const late = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
