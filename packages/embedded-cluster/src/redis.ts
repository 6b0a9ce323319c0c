import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGuardian, type Guardian } from './processes/guardian.ts';
import { type ManagedProcess, startProcess } from './processes/managed-process.ts';
import { withFreePort } from './processes/ports.ts';
import { waitUntil } from './processes/wait-until.ts';
import { ensureTools } from './tools/ensure-tools.ts';

export interface RedisOptions {
  /** For its log. Default: a temporary folder, removed at stop. */
  folder?: string;
  guardian?: Guardian;
  /** Path of redis-server; default from `ensureTools`. */
  command?: string;
  signal?: AbortSignal;
  /** The server ended by itself and was started again: its new pid. */
  onRestart?: (pid: number) => void;
}

export interface RedisServer extends AsyncDisposable {
  /** `redis://:<password>@127.0.0.1:<port>`: the password is new at every start. */
  readonly url: string;
  /** Changes when the server had to be started again. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a redis-server on a free loopback port. It keeps nothing on disk and evicts nothing. Other users of the machine
 * are kept out by a password, which travels on standard input and so is in no process list.
 * Throws `EMBEDDED_START_FAILED` or, where there is no redis-server, `EMBEDDED_TOOL_MISSING`.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const command =
    options.command ?? (await ensureTools({ names: ['redis-server'], signal: options.signal }))['redis-server'];
  const folder = options.folder ? resolve(options.folder) : await mkdtemp(join(tmpdir(), 'plumbline-redis-'));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  const guardian = options.guardian ?? createGuardian();
  if (!options.folder) guardian.discard(folder);
  const password = randomBytes(24).toString('base64url');
  const launch = (port: number) => launchServer(port, { command, folder, guardian, password, signal: options.signal });
  const cleanUp = async () => {
    if (!options.guardian) guardian.close();
    if (!options.folder) await rm(folder, { recursive: true, force: true });
  };
  try {
    const { server, port } = await withFreePort(async (port) => ({ server: await launch(port), port }));
    const kept = keepRunning(server, () => launch(port), options.onRestart ?? (() => {}));
    const stop = () => kept.stop().then(cleanUp);
    return {
      url: `redis://:${password}@127.0.0.1:${port}`,
      get pid() {
        return kept.current().pid;
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

interface LaunchOptions {
  command: string;
  folder: string;
  guardian: Guardian;
  password: string;
  signal: AbortSignal | undefined;
}

/** Resolves when the server answers. */
async function launchServer(port: number, options: LaunchOptions): Promise<ManagedProcess> {
  const { command, folder, guardian, password, signal } = options;
  const started = await startProcess({
    name: 'redis-server',
    command,
    args: ['-'],
    cwd: folder,
    logFile: join(folder, 'logs', 'redis-server.log'),
    input: configuration(port, password),
    guardian,
  });
  await ready(started, port, { password, signal });
  return started;
}

const stopGraceMs = 1_000;
const restartPauseMs = 200;

/** Starts the server again, on its port, whenever it ends by itself: it is a cache, and everybody reconnects. */
function keepRunning(first: ManagedProcess, launch: () => Promise<ManagedProcess>, told: (pid: number) => void) {
  let server = first;
  let stopping = false;
  const supervise = async (): Promise<void> => {
    for (;;) {
      await server.ended;
      if (stopping) return;
      await sleep(restartPauseMs);
      if (stopping) return;
      const next = await launch().catch(() => undefined);
      if (!next) continue;
      server = next;
      if (stopping) return server.stop(stopGraceMs);
      told(server.pid);
    }
  };
  const supervision = supervise();
  return {
    current: () => server,
    stop: async () => {
      stopping = true;
      await server.stop(stopGraceMs);
      await supervision;
    },
  };
}

function configuration(port: number, password: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    'daemonize no',
    'databases 16',
    'activedefrag no',
    'repl-backlog-size 16kb',
    '',
  ].join('\n');
}

async function ready(
  server: ManagedProcess,
  port: number,
  { password, signal }: { password: string; signal: AbortSignal | undefined },
): Promise<void> {
  try {
    await waitUntil(() => answersPing(port, password), {
      what: 'answer PING',
      process: server,
      timeoutMs: 10_000,
      intervalMs: 20,
      signal,
    });
  } catch (error) {
    await server.stop(0);
    throw error;
  }
}

/** AUTH and PING as inline commands. */
function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((done, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer to PING within 1 s')));
    socket.on('error', reject);
    socket.on('close', () => done(false));
    socket.on('data', (data) => {
      answer += data.toString();
      if (answer.includes('+PONG')) {
        done(true);
        socket.destroy();
      }
    });
  });
}
