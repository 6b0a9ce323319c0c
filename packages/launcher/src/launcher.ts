import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endGroup } from './end-group.ts';
import type { LauncherAnswer, LauncherRequest, ProgramOutcome, ProgramRun } from './types.ts';

/** The launching process ended before the program did. */
export class LauncherGone extends Error {
  constructor(cause?: unknown) {
    super('the process that starts programs has ended', { cause });
    this.name = 'LauncherGone';
  }
}

interface Pending {
  group: number | undefined;
  resolve(outcome: ProgramOutcome): void;
  reject(error: unknown): void;
}

function forkProcess(): ChildProcess {
  return fork(join(import.meta.dirname, 'launcher-process.ts'), [], {
    // With it Node need not load what strips types, 20 MB.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    // It only carries what programs print: a young generation of the usual size would fill with what was sent on.
    execArgv: ['--max-semi-space-size=2', '--optimize-for-size'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  });
}

function systemError({ message, code }: { message: string; code: string | undefined }): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

/** One launching process and what it runs. */
export class Launcher {
  readonly #child = forkProcess();
  readonly #pending = new Map<number, Pending>();
  readonly #idleMs: number;
  #nextId = 0;
  #closed = false;
  #idle: NodeJS.Timeout | undefined;

  /** @param idleMs without a program, after which the process ends. */
  constructor(idleMs: number) {
    this.#idleMs = idleMs;
    this.#child.unref();
    this.#child.once('error', (error) => this.#gone(error));
    this.#child.once('exit', () => this.#gone());
    this.#child.on('message', (answer: LauncherAnswer) => this.#take(answer));
    this.#rest();
  }

  /** The process is gone or about to go. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Lets the process go. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    if (this.#child.connected) this.#child.disconnect();
  }

  /** Rejects with {@link LauncherGone} where the launching process ends first, else with the system's error. */
  async run(run: ProgramRun, signal?: AbortSignal): Promise<ProgramOutcome> {
    if (this.#closed) throw new LauncherGone();
    const id = this.#nextId++;
    clearTimeout(this.#idle);
    this.#child.channel?.ref();
    const { promise, resolve, reject } = Promise.withResolvers<ProgramOutcome>();
    this.#pending.set(id, { group: undefined, resolve, reject });
    const onAbort = () => this.#send({ id, abort: true });
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#send({ id, run });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #send(request: LauncherRequest): void {
    if (this.#closed) return;
    this.#child.send(request, (error) => {
      if (error) this.#gone(error);
    });
  }

  #take(answer: LauncherAnswer): void {
    const run = this.#pending.get(answer.id);
    if (!run) return;
    if ('started' in answer) {
      run.group = answer.started;
      return;
    }
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#rest();
    if ('outcome' in answer) run.resolve(answer.outcome);
    else run.reject(systemError(answer.failure));
  }

  #rest(): void {
    this.#child.channel?.unref();
    this.#idle = setTimeout(() => this.close(), this.#idleMs).unref();
  }

  #gone(cause?: unknown): void {
    this.close();
    for (const { group, reject } of this.#pending.values()) {
      endGroup(group, 'SIGKILL');
      reject(new LauncherGone(cause));
    }
    this.#pending.clear();
  }
}
