import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import { usefulPart } from '../tool/useful-part.ts';
import { endLeftovers, markVariable } from './leftover-processes.ts';
import type { CommandWords } from './plugin-config.ts';

export interface CommandLimits {
  /** Milliseconds until SIGTERM. */
  timeoutMs: number;
  /** Milliseconds from SIGTERM to SIGKILL. */
  fatalTimeoutMs: number;
  /** Of standard output. */
  maxOutputBytes: number;
}

/** One run of a plugin's command. */
export interface CommandRun {
  words: CommandWords;
  /** For messages: `plugin avp: generate`. */
  what: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  limits: CommandLimits;
  signal: AbortSignal;
  /** Turns paths of the private copy into paths of the repository. */
  readable(text: string): string;
}

interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
}

/** Why a run was ended from here. */
type Stopped = 'timeout' | 'abort' | 'output';

const maxStderrBytes = 1024 * 1024;
const maxShownWords = 200;

function failure(run: CommandRun, problem: string, hint?: string): PlumblineError {
  const words = run.words.join(' ');
  const shown = words.length > maxShownWords ? `${words.slice(0, maxShownWords)}…` : words;
  const message = `${run.what} (${shown.replaceAll('\n', ' ')}): ${problem}`;
  return new PlumblineError('RENDER_FAILED', run.readable(message), {
    ...(hint === undefined ? {} : { hint }),
    details: { tool: run.words[0] },
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function collect(child: ChildProcess, limit: number, onTooMuch: () => void) {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let outBytes = 0;
  let errBytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    outBytes += chunk.length;
    if (outBytes > limit) onTooMuch();
    else stdout.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errBytes += chunk.length;
    if (errBytes <= maxStderrBytes) stderr.push(chunk);
  });
  return () => ({ stdout: Buffer.concat(stdout), stderr: usefulPart(Buffer.concat(stderr).toString('utf8')) });
}

function startChild(run: CommandRun, mark: string): Promise<ChildProcess> {
  const [program, ...args] = run.words;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: run.cwd,
      env: { ...run.env, [markVariable]: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      // A process group of its own, which is ended as a whole.
      detached: true,
    });
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}

async function execute(run: CommandRun): Promise<{ outcome: Outcome; stopped: Stopped | undefined }> {
  const { limits, signal } = run;
  const mark = randomBytes(16).toString('hex');
  const child = await startChild(run, mark);
  let stopped: Stopped | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: Stopped) => {
    if (stopped) return;
    stopped = why;
    signalGroup(child, 'SIGTERM');
    killTimer = setTimeout(() => signalGroup(child, 'SIGKILL'), limits.fatalTimeoutMs);
  };
  const timer = setTimeout(() => stop('timeout'), limits.timeoutMs);
  const onAbort = () => stop('abort');
  signal.addEventListener('abort', onAbort, { once: true });
  const output = collect(child, limits.maxOutputBytes, () => stop('output'));
  // What it left running may hold its output open: that is over when the command is.
  const swept = new Promise<void>((resolve) => {
    child.once('exit', () => void endLeftovers(child.pid ?? 0, mark).then(resolve));
  });
  const ended = new Promise<Pick<Outcome, 'code' | 'signal'>>((resolve) => {
    child.once('close', (code, endedBy) => resolve({ code, signal: endedBy }));
  });
  const end = await ended;
  await swept;
  clearTimeout(timer);
  clearTimeout(killTimer);
  signal.removeEventListener('abort', onAbort);
  return { outcome: { ...end, ...output() }, stopped };
}

function judge(run: CommandRun, { code, signal, stderr }: Outcome, stopped: Stopped | undefined): void {
  const { timeoutMs, maxOutputBytes } = run.limits;
  switch (stopped) {
    case 'timeout':
      throw failure(
        run,
        `did not finish within ${timeoutMs / 1000} s. ${stderr}`.trim(),
        'ARGOCD_EXEC_TIMEOUT of the plugin server sets the limit',
      );
    case 'output':
      throw failure(run, `printed more than ${maxOutputBytes} bytes`);
    case 'abort':
      throw failure(run, 'was cancelled');
    case undefined:
  }
  if (code === 0) return;
  const how = code === null ? `was ended by ${signal}` : `ended with code ${code}`;
  throw failure(run, stderr === '' ? `${how} and said nothing` : `${how}: ${stderr}`);
}

/**
 * Runs a command to its end and returns what it printed; what it leaves running is killed. Throws `RENDER_FAILED` with
 * the command and its own words.
 */
export async function runCommand(run: CommandRun): Promise<Buffer> {
  if (run.signal.aborted) throw failure(run, 'was cancelled');
  let ran: Awaited<ReturnType<typeof execute>>;
  try {
    ran = await execute(run);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw failure(run, `the program ${run.words[0]} is missing`, 'install it in the sidecar');
    throw failure(run, `cannot be started: ${message}`);
  }
  judge(run, ran.outcome, ran.stopped);
  return ran.outcome.stdout;
}
