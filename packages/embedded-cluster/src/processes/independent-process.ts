import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { PlumblineError } from '@plumbline/errors';
import { type ManagedProcess, manage, openLog, type ProcessOptions, spawnError } from './managed-process.ts';
import { isRunning, startTimeOf } from './process-identity.ts';

/**
 * The outer shell ends at once, so that its keeper (the subshell) and the program are no descendants of ours. The keeper
 * reports the program's pid and, at its end, its status on descriptor 3, and reaps it. The program begins when a line
 * comes on descriptor 4, and never where that ends without one. It inherits descriptor 3: its end is seen there even
 * without a keeper.
 */
const script = `
(
  (
    read -r go <&4 || exit 0
    exec 4<&-
    exec "$@"
  ) &
  exec 4<&-
  exec 2>/dev/null
  echo "$!" >&3
  wait "$!"
  echo "$?" >&3
) &
`;

/**
 * Starts a process that is no descendant of this one: whoever measures this process and its descendants does not count
 * it. Otherwise as `startProcess`; a program that cannot be run ends at once and says so in its log. The guardian knows
 * the process before its program begins.
 */
export async function startIndependentProcess(options: Omit<ProcessOptions, 'input'>): Promise<ManagedProcess> {
  const { name, guardian, logFile } = options;
  const shell = spawnShell(options, await openLog(logFile));
  if (shell.pid === undefined) throw await spawnError(name, shell);
  const [, , , report, gate] = shell.stdio;
  if (!(report instanceof Readable) || !(gate instanceof Writable)) throw new Error('unreachable: both are pipes');
  gate.on('error', () => {});
  const { first, last } = readReport(report);
  const pid = Number(await first);
  if (!pid) throw new PlumblineError('EMBEDDED_START_FAILED', `${name} could not be started: its shell ended`);
  const startTime = startTimeOf(pid) ?? 'gone';
  guardian.watch(pid);
  gate.end('go\n');
  const signal = (signalName: 'SIGTERM' | 'SIGKILL') => {
    if (isRunning(pid, startTime)) process.kill(pid, signalName);
  };
  return manage(options, { pid, ended: last.then(wordsFor), signal });
}

function spawnShell({ command, args, cwd }: ProcessOptions, log: number): ChildProcess {
  try {
    return spawn('sh', ['-c', script, 'plumbline-keeper', command, ...args], {
      cwd,
      detached: true,
      stdio: ['ignore', log, log, 'pipe', 'pipe'],
    });
  } finally {
    closeSync(log);
  }
}

/** `first` is the first line, `last` the second one; undefined where the report ends before. */
function readReport(report: Readable): Record<'first' | 'last', Promise<string | undefined>> {
  report.on('error', () => {});
  const lines = createInterface({ input: report });
  const first = Promise.withResolvers<string | undefined>();
  const last = Promise.withResolvers<string | undefined>();
  const waiting = [first, last];
  lines.on('line', (line) => waiting.shift()?.resolve(line));
  lines.once('close', () => {
    for (const { resolve } of waiting) resolve(undefined);
  });
  return { first: first.promise, last: last.promise };
}

/** What a shell makes of the end by a signal. Programs use other numbers above 128, too. */
const signalNames: Record<string, string> = { 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 143: 'SIGTERM' };

function wordsFor(status: string | undefined): string {
  if (status === undefined) return 'ended';
  return signalNames[status] ? `was ended by ${signalNames[status]}` : `ended with code ${status}`;
}
