import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program and its arguments. */
export interface Command {
  program: string;
  args: readonly string[];
}

/** No tool has a reason to write a file larger than this. */
const maxFileBytes = 1024 * 1024 * 1024;

let wrapper: string | null | undefined;

function findPrlimit(): string | null {
  if (process.platform !== 'linux') return null;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const program = join(folder, 'prlimit');
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** Whether the system has what limits memory. */
export function canLimitMemory(): boolean {
  wrapper ??= findPrlimit();
  return wrapper !== null;
}

/**
 * The command with limits on the memory that it writes to, on files, and without core dumps. They hold for what it starts
 * too, each process by itself. Address space is not limited: Go reserves far more of it than it uses. Where the system has
 * no `prlimit` (util-linux), the command as it is.
 */
export function withMemoryLimit(command: Command, memoryBytes: number): Command {
  wrapper ??= findPrlimit();
  if (wrapper === null) return command;
  const limits = [`--data=${memoryBytes}`, `--fsize=${maxFileBytes}`, '--core=0'];
  return { program: wrapper, args: [...limits, command.program, ...command.args] };
}

const outOfMemory =
  /^(?:fatal error: .*\b(?:out of memory|cannot allocate|failed to reserve)\b|runtime: (?:out of memory|cannot allocate)|runtime\/cgo: pthread_create failed)|\bcannot allocate memory$/m;
/** Go's runtime itself crashed, not the program that it runs: a mapping that it needed was refused. */
const crashOfRuntime = /^SIGSEGV: segmentation violation[\s\S]*^goroutine 0 /m;

/** Whether the words of a tool say that it wanted more memory than it may have. */
export function ranOutOfMemory(stderr: string): boolean {
  return outOfMemory.test(stderr) || crashOfRuntime.test(stderr);
}

/** Whether the wrapper could not find or start the program. */
export function isMissingProgram({ code, stderr }: { code: number | null; stderr: string }): boolean {
  return code === 127 && /^prlimit: failed to execute /.test(stderr);
}
