import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlumblineError } from '@plumbline/errors';

// An import statement would load everything that the module exports lazily, a WebSocket client among it: 13 MB.
const { createServer } = process.getBuiltinModule('node:http');

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

/** Serves plain HTTP. Port 0 takes a free one. Throws `API_LISTEN` where the port is taken. */
export async function listen(handler: RequestListener, address: { host: string; port: number }): Promise<Listening> {
  const server = createServer(handler);
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
    url: `http://${urlHost(address.host)}:${port}`,
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
