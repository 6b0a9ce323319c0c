import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '@plumbline/errors';
import { createSharedParts } from './shared-parts.ts';

/** Hands the shared parts to the processes of the test files. */
export interface PartsServer {
  /** Path of a Unix socket. */
  socket: string;
  close(): Promise<void>;
}

/** Serves `GET /control-plane` and `GET /redis` on a Unix socket that only this user can reach. */
export async function startPartsServer(): Promise<PartsServer> {
  const parts = createSharedParts();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-parts-'));
  const socket = join(folder, 'socket');
  const server = createServer(async (request, response) => {
    try {
      const answer = request.url === '/redis' ? await parts.redis() : await parts.controlPlane();
      response.end(JSON.stringify({ answer }));
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({ error: errorMessage(error) }));
    }
  });
  server.requestTimeout = 0;
  await new Promise<void>((done, reject) => server.once('error', reject).listen(socket, done));
  return {
    socket,
    async close() {
      await closeServer(server);
      await parts.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
