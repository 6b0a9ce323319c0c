import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one with the same pid: its start time in clock ticks since boot
 * (`/proc/<pid>/stat`, field 22). Empty where the system has no such file. Undefined where there is no such process.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '');
  } catch {
    return isSignalable(pid) && process.platform !== 'linux' ? '' : undefined;
  }
}

/** Whether the process that was seen with this start time still runs. */
export function isRunning(pid: number, startTime: string): boolean {
  return startTimeOf(pid) === startTime;
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
