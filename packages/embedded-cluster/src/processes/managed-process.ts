import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlumblineError } from '@plumbline/errors';
import type { Guardian } from './guardian.ts';

export interface ProcessOptions {
  /** For people and error messages. */
  name: string;
  command: string;
  args: readonly string[];
  /** Working folder of the process. */
  cwd: string;
  /** Standard output and error go here; the file is emptied first. */
  logFile: string;
  /** Given on standard input. */
  input?: string;
  env?: NodeJS.ProcessEnv;
  guardian: Guardian;
}

/** A server process of ours, in a process group of its own, so that Ctrl-C in a terminal does not reach it. */
export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  /** Resolves when the process has ended, with words for how. */
  readonly ended: Promise<string>;
  /** The end of its log. */
  logTail(): Promise<string>;
  /** TERM, then KILL when it still runs after the grace time. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a process. Throws `EMBEDDED_START_FAILED` where the program cannot be run at all. */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const { name, guardian, logFile } = options;
  await mkdir(dirname(logFile), { recursive: true });
  const child = spawnInto(logFile, options);
  const { pid } = child;
  if (pid === undefined) {
    const cause = await new Promise((resolve) => child.once('error', resolve));
    throw new PlumblineError('EMBEDDED_START_FAILED', `${name} could not be started: ${String(cause)}`, { cause });
  }
  guardian.watch(pid);
  let running = true;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      guardian.forget(pid);
      resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`);
    });
  });
  return {
    name,
    pid,
    get running() {
      return running;
    },
    ended,
    logTail: () => tailOf(logFile),
    async stop(graceMs) {
      if (!running) return;
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
      if (running) child.kill('SIGKILL');
      await ended;
    },
  };
}

function spawnInto(logFile: string, options: ProcessOptions): ChildProcess {
  const { command, args, cwd, env, input } = options;
  const log = openSync(logFile, 'w', 0o600);
  try {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', log, log],
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    return child;
  } finally {
    closeSync(log);
  }
}

/** The last lines of a file, at most 4 KiB. */
async function tailOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, 4096);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-12).join('\n');
  } finally {
    await handle.close();
  }
}
