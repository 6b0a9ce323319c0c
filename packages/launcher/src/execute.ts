import { type ChildProcess, spawn } from 'node:child_process';
import { endGroup } from './end-group.ts';
import type { ProgramOutcome, ProgramRun } from './types.ts';

/** A program under way. */
export interface Execution {
  /** The process group that it leads; undefined where it could not be started. */
  group: number | undefined;
  /** Rejects with the system's error where it cannot be started. */
  ended: Promise<ProgramOutcome>;
  /** Ends it early. */
  abort(): void;
}

interface Collector {
  bytes(): Buffer;
}

function collect(stream: NodeJS.ReadableStream | null, limit: number, onExcess?: () => void): Collector {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else onExcess?.();
  });
  return { bytes: () => Buffer.concat(chunks) };
}

/** Starts a program in a process group of its own, so that what it starts ends with it. */
export function execute(run: ProgramRun): Execution {
  const child: ChildProcess = spawn(run.program, run.args, {
    cwd: run.cwd,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
    detached: true,
  });
  let stopped: ProgramOutcome['stopped'];
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: NonNullable<ProgramOutcome['stopped']>) => {
    if (stopped) return;
    stopped = why;
    if (run.graceMs > 0) endGroup(child.pid, 'SIGTERM');
    killTimer = setTimeout(() => endGroup(child.pid, 'SIGKILL'), run.graceMs);
  };
  const timer = setTimeout(() => stop('timeout'), run.timeoutMs);
  const stdout = collect(child.stdout, run.maxStdoutBytes, () => stop('output'));
  const stderr = collect(child.stderr, run.maxStderrBytes);
  const ended = new Promise<ProgramOutcome>((resolve, reject) => {
    const cleanUp = () => {
      clearTimeout(timer);
      clearTimeout(killTimer);
    };
    child.once('error', (error) => {
      cleanUp();
      reject(error);
    });
    child.once('close', (code, signal) => {
      cleanUp();
      resolve({ code, signal, stdout: stdout.bytes(), stderr: stderr.bytes(), stopped });
    });
  });
  return { group: child.pid, ended, abort: () => stop('abort') };
}
