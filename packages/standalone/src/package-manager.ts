import { readFileSync } from 'node:fs';

/** A process that must stay for ours to go on. */
interface Ancestor {
  pid: number;
  /** Clock ticks since boot: tells it from a later process with the same pid. */
  startTime: string;
}

const managers = /^(?:\S*\/)?(?:npm|npx|pnpm)(?:\s|$)/;
const scripts = /^(?:\S*\/)?node\s+(?:-\S+\s+)*\S*\/(?:npm|npx|pnpm)(?:-cli)?(?:\.[cm]?js)?(?:\s|$)/;

/** Whether a command line is that of npm, npx or pnpm. */
export function isPackageManager(commandLine: string): boolean {
  return managers.test(commandLine) || scripts.test(commandLine);
}

/**
 * Calls `ended` when the outermost npm, npx or pnpm that runs this process is gone. A signal that somebody sends to
 * `npx …` ends npx alone: it passes SIGTERM to a shell that keeps it to itself. Linux only; does nothing elsewhere, and
 * where no package manager is in between.
 */
export function whenPackageManagerEnds(ended: () => void, everyMs = 1_000): void {
  const outermost = packageManagers().at(-1);
  if (!outermost) return;
  const timer = setInterval(() => {
    if (startTimeOf(outermost.pid) === outermost.startTime) return;
    clearInterval(timer);
    ended();
  }, everyMs);
  timer.unref();
}

/** Package managers among the ancestors, the nearest first. */
function packageManagers(): Ancestor[] {
  const found: Ancestor[] = [];
  for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) {
    const startTime = startTimeOf(pid);
    if (startTime === undefined) break;
    if (isPackageManager(commandLineOf(pid))) found.push({ pid, startTime });
  }
  return found;
}

function commandLineOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

/** Fields of `/proc/<pid>/stat` after the name: state, parent, … (proc(5)). */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1] ?? 0);
}

function startTimeOf(pid: number): string | undefined {
  const fields = statOf(pid);
  return fields[0] === 'Z' ? undefined : fields[19];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
