import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import { fullName } from '../plugin/plugin-description.ts';
import { digestHeader, type MatchAnswer, type Refusal, routes } from '../plugin/wire.ts';
import { makeOwnFolder } from './own-folder.ts';
import { type PluginConfig, readPluginConfig } from './plugin-config.ts';
import { createPluginRuns, type PluginRuns } from './plugin-runs.ts';
import { readPluginServerLimits } from './plugin-server-limits.ts';

export interface PluginServerOptions {
  /** A `ConfigManagementPlugin`. */
  configFile: string;
  /** Where the socket `<name>[-<version>].sock` is made. */
  socketDir: string;
  /** What the commands see, and the limits (`ARGOCD_EXEC_TIMEOUT`, …). */
  environment: Readonly<Record<string, string | undefined>>;
  logger: Logger;
}

export interface PluginServer {
  socket: string;
  /** Ends running commands, removes the socket. */
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, signal: AbortSignal) => Promise<void>;

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refusal(error: unknown): Refusal {
  if (!(error instanceof PlumblineError)) return { message: errorMessage(error) };
  return { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}

function handlerOf({ description }: PluginConfig, runs: PluginRuns): Handler {
  return async (request, response, signal) => {
    if (request.method === 'GET' && request.url === routes.describe) return json(response, 200, description);
    if (request.method !== 'POST') return json(response, 404, { message: 'no such route' } satisfies Refusal);
    const wanted = request.headers[digestHeader];
    if (wanted !== description.digest) {
      return json(response, 409, { message: 'the plugin has another configuration now' } satisfies Refusal);
    }
    const source = request.iterator({ destroyOnReturn: false });
    switch (request.url) {
      case routes.match:
        return json(response, 200, { matches: await runs.matches(source, signal) } satisfies MatchAnswer);
      case routes.parameters:
        return json(response, 200, await runs.parameters(source, signal));
      case routes.generate: {
        const manifests = await runs.generate(source, signal);
        response.writeHead(200, { 'content-type': 'application/yaml' }).end(manifests);
        return;
      }
      default:
        return json(response, 404, { message: 'no such route' } satisfies Refusal);
    }
  };
}

interface Guarded {
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** Resolves when nothing runs any more. */
  idle(): Promise<unknown>;
}

/** Answers with what went wrong; a caller that has gone away ends what runs for it. */
function guarded(handle: Handler, logger: Logger): Guarded {
  const running = new Set<Promise<void>>();
  return {
    listener(request, response) {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const work = handle(request, response, gone.signal)
        .catch((error: unknown) => {
          logger.warn('a plugin request failed', { route: request.url, error });
          if (!response.headersSent) json(response, 422, refusal(error));
          else response.destroy();
        })
        .finally(() => {
          running.delete(work);
          request.resume();
        });
      running.add(work);
    },
    idle: () => Promise.all(running),
  };
}

/** Takes the socket of a server that is no more; one that answers keeps it. Throws `PLUGIN_SOCKET`. */
async function freeSocket(socket: string): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const probe = connect(socket, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (answers) throw new PlumblineError('PLUGIN_SOCKET', `${socket}: another plugin server listens here`);
  await rm(socket, { force: true });
}

async function listen(server: Server, socket: string): Promise<void> {
  await freeSocket(socket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
}

/**
 * Serves one plugin to repo-servers that see its socket. Throws `PLUGIN_CONFIG`, `PLUGIN_SOCKET`. The protocol is in
 * docs/plugins.md.
 */
export async function servePlugin(options: PluginServerOptions): Promise<PluginServer> {
  const { environment, logger } = options;
  const config = await readPluginConfig(options.configFile);
  const socket = join(options.socketDir, `${fullName(config.description)}.sock`);
  await mkdir(options.socketDir, { recursive: true });
  const own = await makeOwnFolder(socket);
  const limits = readPluginServerLimits(environment);
  const parallel = availableParallelism() * 2;
  const runs = createPluginRuns({ config, workFolder: own.path, environment, limits, parallel });
  const { listener, idle } = guarded(handlerOf(config, runs), logger);
  const server = createServer(listener);
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  try {
    await listen(server, socket);
  } catch (error) {
    await own.remove();
    throw error;
  }
  await own.removeLeftovers().catch((error: unknown) => {
    logger.warn('what a killed plugin server left could not be removed', { folder: tmpdir(), error });
  });
  logger.info('plugin server is ready', { socket, discovery: config.description.discovery.kind });
  return {
    socket,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await idle();
      await own.remove();
    },
  };
}
