import { type ProgramOutcome, runProgram } from '@plumbline/launcher';

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

interface RunOptions {
  /** The git program. */
  git: string;
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal;
}

const maxStderrBytes = 64 * 1024;
/** Far more than the names of all files and refs of any repository. */
const maxStdoutBytes = 1024 * 1024 * 1024;

/** Runs git without a shell and gives its standard output. Throws {@link GitFailure}. */
export async function runGit(args: readonly string[], options: RunOptions): Promise<Buffer> {
  const { git, env, timeoutMs, signal } = options;
  if (signal.aborted) throw new GitFailure('stopped', false);
  let outcome: ProgramOutcome;
  try {
    outcome = await runProgram(
      { program: git, args, env, timeoutMs, graceMs: 0, maxStdoutBytes, maxStderrBytes },
      signal,
    );
  } catch (cause) {
    throw new GitFailure(`${git}: ${(cause as Error).message}`, false, cause);
  }
  if (outcome.code === 0) return outcome.stdout;
  throw new GitFailure(outcome.stderr.toString('utf8'), outcome.stopped === 'timeout');
}
