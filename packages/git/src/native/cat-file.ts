import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type BatchAnswer, createBatchParser } from './batch-parser.ts';
import { GitFailure } from './run-git.ts';

export interface CatFileOptions {
  git: string;
  /** Arguments before the command, for example `--git-dir=…`. */
  args: readonly string[];
  env: Record<string, string>;
  /** The process ends after this time (ms) without a request; the next one starts it again. */
  idleMs: number;
}

export interface CatFile {
  /** @param name an object name without a newline. Rejects with {@link GitFailure} when git dies twice over it. */
  ask(command: 'contents' | 'info', name: string): Promise<BatchAnswer>;
  /** Lets the process go once it has answered what is under way; the next request starts another. */
  restart(): void;
  /** Ends the process; requests under way and later ones are rejected. */
  close(): Promise<void>;
}

interface Request {
  line: string;
  hasBody: boolean;
  deaths: number;
  resolve(answer: BatchAnswer): void;
  reject(error: unknown): void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Ends a process with the helpers it started. It must lead its own process group. */
function endGroup(child: Child): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

interface Running {
  child: Child;
  /** Sent and not answered, in order. */
  sent: Request[];
  /** It has answered something, so that it is not git as a whole that fails. */
  useful: boolean;
  stderr: string;
  ended: Promise<void>;
}

/**
 * Reads objects through one long-lived `git cat-file --batch-command`: any number of requests on the way at once, answers in
 * order. All requests of one turn of the event loop travel in one write.
 */
export function createCatFile(options: CatFileOptions): CatFile {
  let running: Running | undefined;
  let unsent: Request[] = [];
  let scheduled = false;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;

  const rest = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => running?.child.stdin.end(), options.idleMs);
    idle.unref();
  };

  const died = (process: Running): void => {
    if (running === process) running = undefined;
    const [first, ...others] = process.sent;
    process.sent = [];
    if (!first) return;
    first.deaths++;
    if (closed || (first.deaths > 1 && !process.useful)) {
      const failure = new GitFailure(closed ? 'stopped' : process.stderr, false);
      for (const request of [first, ...others]) request.reject(failure);
      return;
    }
    if (first.deaths > 1) first.reject(new GitFailure(process.stderr, false));
    unsent = [...(first.deaths > 1 ? others : [first, ...others]), ...unsent];
    schedule();
  };

  const start = (): Running => {
    const child = spawn(options.git, [...options.args, 'cat-file', '--batch-command', '--buffer'], {
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const process: Running = { child, sent: [], useful: false, stderr: '', ended };
    let head = 0;
    const parser = createBatchParser(
      () => process.sent[head]?.hasBody ?? false,
      (answer) => {
        process.sent[head]?.resolve(answer);
        head++;
        process.useful = true;
      },
    );
    const drop = (): void => {
      process.sent.splice(0, head);
      head = 0;
    };
    child.stdout.on('data', (chunk: Buffer) => {
      parser.feed(chunk);
      drop();
      if (process.sent.length === 0) rest();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr = (process.stderr + text).slice(-8192);
    });
    child.stdin.on('error', () => {});
    const end = (words?: string): void => {
      if (words) process.stderr += words;
      resolve();
      died(process);
    };
    child.on('error', (error) => end(`${options.git}: ${error.message}`));
    child.on('close', () => end());
    return process;
  };

  const send = (): void => {
    scheduled = false;
    if (unsent.length === 0 || closed) return;
    clearTimeout(idle);
    if (!running?.child.stdin.writable) running = start();
    const lines = unsent.map(({ line }) => line).join('');
    running.sent.push(...unsent);
    unsent = [];
    running.child.stdin.write(`${lines}flush\n`);
  };

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(send);
  }

  return {
    ask: (command, name) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new GitFailure('stopped', false));
          return;
        }
        unsent.push({ line: `${command} ${name}\n`, hasBody: command === 'contents', deaths: 0, resolve, reject });
        schedule();
      }),
    restart() {
      running?.child.stdin.end();
      running = undefined;
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      for (const request of unsent) request.reject(new GitFailure('stopped', false));
      unsent = [];
      if (!running) return;
      const { child, ended } = running;
      endGroup(child);
      await ended;
    },
  };
}
