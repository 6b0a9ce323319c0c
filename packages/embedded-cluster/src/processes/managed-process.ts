import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlumblineError } from '@plumbline/errors';
import type { Guardian } from './guardian.ts';
import { tailOf } from './log-tail.ts';

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
  guardian: Guardian;
}

/** A server process of ours, in a session of its own, so that Ctrl-C in a terminal does not reach it. */
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

/** Starts a process as a child of this one. Throws `EMBEDDED_START_FAILED` where the program cannot be run at all. */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const { name, guardian, logFile } = options;
  const child = await spawnInto(logFile, options);
  const { pid } = child;
  if (pid === undefined) throw await spawnError(name, child);
  guardian.watch(pid);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });
  return manage(options, { pid, ended, signal: (name) => void child.kill(name) });
}

/** What {@link manage} makes a managed process of. */
interface StartedProcess {
  pid: number;
  ended: Promise<string>;
  /** Does nothing where the process has ended. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** The parts that are the same however a process was started; the guardian forgets it when it has ended. */
export function manage(options: ProcessOptions, { pid, ended, signal }: StartedProcess): ManagedProcess {
  const { name, guardian, logFile } = options;
  let running = true;
  const gone = ended.then((how) => {
    running = false;
    guardian.forget(pid);
    return how;
  });
  return {
    name,
    pid,
    get running() {
      return running;
    },
    ended: gone,
    logTail: () => tailOf(logFile),
    async stop(graceMs) {
      if (!running) return;
      signal('SIGTERM');
      const patience = new AbortController();
      await Promise.race([gone, sleep(graceMs, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
      if (running) signal('SIGKILL');
      await gone;
    },
  };
}

/** The error of a child without a pid. */
export async function spawnError(name: string, child: ChildProcess): Promise<PlumblineError> {
  const cause = await new Promise((resolve) => child.once('error', resolve));
  return new PlumblineError('EMBEDDED_START_FAILED', `${name} could not be started: ${String(cause)}`, { cause });
}

async function spawnInto(logFile: string, options: ProcessOptions): Promise<ChildProcess> {
  const { command, args, cwd, input } = options;
  const log = await openLog(logFile);
  try {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    const child = spawn(command, args, { cwd, detached: true, stdio: [stdin, log, log] });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    return child;
  } finally {
    closeSync(log);
  }
}

/** An emptied log file for its owner only, as a descriptor that the caller closes. */
export async function openLog(file: string): Promise<number> {
  await mkdir(dirname(file), { recursive: true });
  return openSync(file, 'w', 0o600);
}
