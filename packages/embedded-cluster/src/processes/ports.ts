import { createServer, type Server } from 'node:net';
import { hasCode, type PlumblineError } from '@plumbline/errors';

/**
 * A loopback port that was free a moment ago: the preferred one where it is free, else one that the system chose.
 * Another process may take it before it is used (see {@link withFreePort}).
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred) {
    const server = await listen(preferred).catch(() => undefined);
    if (server) return release(server);
  }
  return release(await listen(0));
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

function release(server: Server): Promise<number> {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return new Promise((resolve) => server.close(() => resolve(port)));
}

/** Starts something on a free port, and again on another one where the port was taken in between (three times). */
export async function withFreePort<T>(start: (port: number) => Promise<T>, preferred?: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort(attempt === 1 ? preferred : undefined));
    } catch (error) {
      if (attempt === 3 || !hasCode(error, 'EMBEDDED_START_FAILED') || !portWasTaken(error)) throw error;
    }
  }
}

function portWasTaken(error: PlumblineError): boolean {
  return /address already in use|bind: Address|EADDRINUSE/i.test(error.message);
}
