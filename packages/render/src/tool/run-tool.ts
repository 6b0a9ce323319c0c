import { PlumblineError } from '@plumbline/errors';
import { type ProgramOutcome, runProgram } from '@plumbline/launcher';
import { hintFor } from './hints.ts';
import { isMissingProgram, ranOutOfMemory, withMemoryLimit } from './memory-limit.ts';
import { usefulPart } from './useful-part.ts';

export type ToolName = 'kustomize' | 'helm' | 'jsonnet';

/** One run of a render tool. */
export interface ToolRun {
  tool: ToolName;
  program: string;
  args: readonly string[];
  cwd: string;
  /** Everything that the tool sees of the environment. */
  env: Readonly<Record<string, string>>;
  /** What is being rendered, for error messages. */
  what: string;
  /** Turns paths of the work folder into paths of the repository. */
  readable?: (text: string) => string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  maxOutputBytes?: number;
  /** What each process of the tool may hold. */
  maxMemoryBytes?: number;
}

/** Reference §7.5: 90 s, then SIGTERM, SIGKILL 10 s later. */
const defaultTimeoutMs = 90_000;
const graceMs = 10_000;
const defaultMaxOutputBytes = 100 * 1024 * 1024;
const defaultMaxMemoryBytes = 2 * 1024 * 1024 * 1024;
const maxStderrBytes = 1024 * 1024;
function failure(run: ToolRun, reason: string, hint?: string): PlumblineError {
  const readable = run.readable ?? ((text: string) => text);
  return new PlumblineError('RENDER_FAILED', `${run.what}: ${readable(reason)}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { tool: run.tool },
  });
}

function missing(run: ToolRun): PlumblineError {
  return failure(run, `the program ${run.tool} is missing`, `install ${run.tool} or set its path`);
}

function execute(run: ToolRun): Promise<ProgramOutcome> {
  const command = withMemoryLimit(run, run.maxMemoryBytes ?? defaultMaxMemoryBytes);
  const { cwd, env, timeoutMs = defaultTimeoutMs, maxOutputBytes: maxStdoutBytes = defaultMaxOutputBytes } = run;
  return runProgram({ ...command, cwd, env, timeoutMs, graceMs, maxStdoutBytes, maxStderrBytes }, run.signal);
}

function judge(run: ToolRun, outcome: ProgramOutcome): void {
  const stderr = usefulPart(outcome.stderr.toString('utf8'));
  switch (outcome.stopped) {
    case 'timeout':
      throw failure(run, `did not finish within ${(run.timeoutMs ?? defaultTimeoutMs) / 1000} s. ${stderr}`.trim());
    case 'output':
      throw failure(run, `printed more than ${run.maxOutputBytes ?? defaultMaxOutputBytes} bytes`);
    case 'abort':
      throw run.signal?.reason ?? failure(run, 'was cancelled');
    case undefined:
  }
  if (outcome.code === 0) return;
  if (isMissingProgram({ code: outcome.code, stderr })) throw missing(run);
  if (ranOutOfMemory(outcome.stderr.toString('utf8'))) {
    const limit = Math.floor((run.maxMemoryBytes ?? defaultMaxMemoryBytes) / 1024 / 1024);
    throw failure(run, `needs more memory than ${limit} MiB`, 'make the source smaller, or raise --tool-memory');
  }
  const fallback =
    outcome.code === null ? `was ended by ${outcome.signal}` : `ended with code ${outcome.code} and said nothing`;
  throw failure(run, stderr || fallback, hintFor(run.tool, stderr));
}

/**
 * Runs a tool without a shell and returns what it printed. Throws `RENDER_FAILED` with the tool's own words, and the
 * signal's reason where it aborts.
 */
export async function runTool(run: ToolRun): Promise<string> {
  run.signal?.throwIfAborted();
  let outcome: ProgramOutcome;
  try {
    outcome = await execute(run);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing(run);
    throw failure(run, `${run.tool} cannot be started: ${(error as Error).message}`);
  }
  judge(run, outcome);
  return outcome.stdout.toString('utf8');
}
