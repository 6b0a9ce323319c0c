import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Guardian } from '@plumbline/embedded-cluster';
import { PlumblineError } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';

interface RepoServerProcessOptions {
  env: Record<string, string>;
  guardian: Guardian;
  logger: Logger;
  /** Aborting breaks off the first start. */
  signal: AbortSignal;
  /** It runs as another process now. */
  onReplaced(): void;
}

/** The repo-server that runs now, or ran last. */
export interface RepoServerProcess {
  readonly pid: number;
  readonly metricsUrl: string;
  stop(): Promise<void>;
}

interface ReadyMessage {
  metricsUrl: string;
  pid: number;
}

/** Milliseconds. */
const startLimit = 60_000;
const grace = 5_000;
const shortestPause = 500;
const longestPause = 30_000;
/** What has run for so long is started again at once. */
const healthyAfter = 60_000;

/** Milliseconds before it is started again, after so many ends in a row. */
export function restartPause(ends: number): number {
  return Math.min(shortestPause * 2 ** Math.max(ends - 1, 0), longestPause);
}

/**
 * Runs a repo-server in a process of its own: what a repository makes it do stays there. It is started again when it
 * ends by itself, with growing pauses; it ends when this process does. Throws `STANDALONE_REPO_SERVER` with the end of
 * its output where the first start fails.
 */
export async function startRepoServer(options: RepoServerProcessOptions): Promise<RepoServerProcess> {
  const supervisor = new Supervisor(options);
  await supervisor.start();
  return supervisor;
}

class Supervisor implements RepoServerProcess {
  readonly #options: RepoServerProcessOptions;
  #child: ChildProcess | undefined;
  #ready: ReadyMessage = { pid: 0, metricsUrl: '' };
  #ends = 0;
  #pause: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: RepoServerProcessOptions) {
    this.#options = options;
  }

  get pid(): number {
    return this.#ready.pid;
  }

  get metricsUrl(): string {
    return this.#ready.metricsUrl;
  }

  async start(): Promise<void> {
    const limit = AbortSignal.any([this.#options.signal, AbortSignal.timeout(startLimit)]);
    try {
      await this.#launch(limit);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#pause);
    if (this.#child) await endProcess(this.#child);
  }

  async #launch(signal: AbortSignal): Promise<void> {
    const child = forkRepoServer(this.#options.env);
    const { guardian } = this.#options;
    const { pid } = child;
    this.#child = child;
    const output = tailOfOutput(child);
    const startedAt = performance.now();
    if (pid !== undefined) guardian.watch(pid);
    child.once('exit', () => {
      if (pid !== undefined) guardian.forget(pid);
    });
    const hint = `its log is ${this.#options.env['PLUMB_LOG_FILE']}`;
    this.#ready = await firstMessage(child, { output, hint, signal });
    child.once('exit', (code, endedBy) => this.#ended({ code, signal: endedBy, output: output() }, startedAt));
  }

  /** It was ready and has ended, or was started again in vain. */
  #ended(fields: Record<string, unknown>, startedAt: number): void {
    if (this.#stopping) return;
    this.#ends = performance.now() - startedAt > healthyAfter ? 1 : this.#ends + 1;
    const pauseMs = restartPause(this.#ends);
    this.#options.logger.warn('the repo-server has ended and is started again', { ...fields, pauseMs });
    this.#pause = setTimeout(() => void this.#relaunch(), pauseMs);
  }

  async #relaunch(): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.#launch(AbortSignal.timeout(startLimit));
      this.#options.onReplaced();
    } catch (error) {
      if (this.#child) await endProcess(this.#child);
      this.#ended({ error }, startedAt);
    }
  }
}

const compileCache = join(tmpdir(), 'node-compile-cache');

function forkRepoServer(env: Record<string, string>): ChildProcess {
  const entry = join(dirname(createRequire(import.meta.url).resolve('@plumbline/repo-server')), 'main.ts');
  return fork(entry, [], {
    // The cache is named here, so that it is on before the entry itself is loaded. The flags bound garbage: a small young
    // generation, and a heap that is not collected as a whole, which takes both cores, before it has the size it needs; in
    // return it is collected when there is no work. Threads that each have a part of malloc's memory give little back.
    env: { MALLOC_ARENA_MAX: '1', ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
    execArgv: ['--max-semi-space-size=4', '--initial-old-space-size=80', '--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
}

/** The last lines that the process has written; its log goes to a file. */
function tailOfOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-4096);
    });
  return () => text.trimEnd().split('\n').slice(-12).join('\n');
}

function firstMessage(
  child: ChildProcess,
  { output, hint, signal }: { output: () => string; hint: string; signal: AbortSignal },
): Promise<ReadyMessage> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      const text = output();
      const message = text ? `${what}; its output ends with:\n${text}` : what;
      reject(new PlumblineError('STANDALONE_REPO_SERVER', `the repo-server does not start: ${message}`, { hint }));
    };
    const timeIsUp = () => fail(`it was not ready within ${startLimit / 1000} s`);
    const abort = () => (signal.reason?.name === 'TimeoutError' ? timeIsUp() : reject(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    child.once('message', (message) => resolve(message as ReadyMessage));
    child.once('error', (error) => fail(error.message));
    // Not 'exit': by then its output may not have been read.
    child.once('close', (code, endedBy) => fail(endedBy ? `it was ended by ${endedBy}` : `it ended with code ${code}`));
  });
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), grace);
    child.once('exit', () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
