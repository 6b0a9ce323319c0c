import { execFile } from 'node:child_process';

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds; default none. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What a finished program left. `code` is null where it could not be started or was killed. */
export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, without a shell. Never throws: look at `code`. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { cwd, env, timeoutMs, signal } = options;
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, timeout: timeoutMs, signal, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr });
      resolve({ code: typeof error.code === 'number' ? error.code : null, stdout, stderr: stderr || error.message });
    });
  });
}
