import { Launcher, LauncherGone } from './launcher.ts';
import type { ProgramOutcome, ProgramRun } from './types.ts';

const idleMs = 30_000;
let current: Launcher | undefined;

function launcher(): Launcher {
  if (!current || current.closed) current = new Launcher(idleMs);
  return current;
}

/**
 * Runs a program to its end. A small process of our own starts it: the system copies the page tables of the process that
 * starts another, which takes a large one tens of milliseconds. That process is started when it is needed, ends after half
 * a minute without work, and ends with its programs when this process dies. Where it is killed itself, the program is run
 * once more.
 *
 * @throws the system's error (`code` ENOENT, EACCES, …) where the program cannot be started.
 */
export async function runProgram(run: ProgramRun, signal?: AbortSignal): Promise<ProgramOutcome> {
  try {
    return await launcher().run(run, signal);
  } catch (error) {
    if (!(error instanceof LauncherGone) || signal?.aborted) throw error;
    return launcher().run(run, signal);
  }
}
