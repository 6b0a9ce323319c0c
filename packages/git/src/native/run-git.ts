import { type ChildProcess, spawn } from 'node:child_process';

/** The program ended badly, was stopped, or could not be started. */
export class GitFailure extends Error {
  readonly stderr: string;
  readonly timedOut: boolean;

  constructor(stderr: string, timedOut: boolean, cause?: unknown) {
    super(`git failed: ${stderr.slice(0, 2000)}`, cause === undefined ? undefined : { cause });
    this.name = 'GitFailure';
    this.stderr = stderr;
    this.timedOut = timedOut;
  }
}

export interface RunOptions {
  /** The git program. */
  git: string;
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Ends a process with the helpers it started. It must lead its own process group. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

const stderrLimit = 64 * 1024;

/** Runs git without a shell and gives its standard output. Throws {@link GitFailure}. */
export function runGit(args: readonly string[], options: RunOptions): Promise<Buffer> {
  const { git, env, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new GitFailure('stopped', false));
      return;
    }
    const child = spawn(git, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const out: Buffer[] = [];
    let stderr = '';
    let timedOut = false;
    const stop = (): void => endGroup(child);
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeoutMs);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      finish();
    };
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < stderrLimit) stderr += text;
    });
    child.on('error', (cause) => settle(() => reject(new GitFailure(`${git}: ${cause.message}`, false, cause))));
    child.on('close', (code) =>
      settle(() => (code === 0 ? resolve(Buffer.concat(out)) : reject(new GitFailure(stderr, timedOut)))),
    );
  });
}
