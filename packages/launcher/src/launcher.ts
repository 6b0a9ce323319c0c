import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { endGroup } from './end-group.ts';
import type { LauncherAnswer, LauncherRequest, ProgramOutcome, ProgramRun } from './types.ts';

/** One launching process and what it runs. */
export interface Launcher {
  /** Rejects with {@link LauncherGone} where the launching process ends first, else with the system's error. */
  run(run: ProgramRun, signal?: AbortSignal): Promise<ProgramOutcome>;
  /** Lets the process go. */
  close(): void;
  readonly closed: boolean;
}

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
    env: {},
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  });
}

function systemError({ message, code }: { message: string; code: string | undefined }): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

/** @param idleMs without a program, after which the process ends. */
export function startLauncher(idleMs: number): Launcher {
  const child = forkProcess();
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;

  const close = () => {
    closed = true;
    clearTimeout(idle);
    if (child.connected) child.disconnect();
  };
  const rest = () => {
    child.channel?.unref();
    idle = setTimeout(close, idleMs).unref();
  };
  const gone = (cause?: unknown) => {
    close();
    for (const { group, reject } of pending.values()) {
      endGroup(group, 'SIGKILL');
      reject(new LauncherGone(cause));
    }
    pending.clear();
  };
  const settle = (id: number, finish: (run: Pending) => void) => {
    const run = pending.get(id);
    if (!run) return;
    pending.delete(id);
    if (pending.size === 0) rest();
    finish(run);
  };

  child.unref();
  child.once('error', gone);
  child.once('exit', () => gone());
  child.on('message', (answer: LauncherAnswer) => {
    if ('started' in answer) {
      const run = pending.get(answer.id);
      if (run) run.group = answer.started;
    } else if ('outcome' in answer) settle(answer.id, ({ resolve }) => resolve(answer.outcome));
    else settle(answer.id, ({ reject }) => reject(systemError(answer.failure)));
  });
  rest();

  const send = (request: LauncherRequest) => {
    child.send(request, (error) => {
      if (error) gone(error);
    });
  };
  return {
    get closed() {
      return closed;
    },
    close,
    async run(run, signal) {
      if (closed) throw new LauncherGone();
      const id = nextId++;
      clearTimeout(idle);
      child.channel?.ref();
      const { promise, resolve, reject } = Promise.withResolvers<ProgramOutcome>();
      pending.set(id, { group: undefined, resolve, reject });
      const onAbort = () => {
        if (!closed) send({ id, abort: true });
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      send({ id, run });
      try {
        return await promise;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}
