import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Command } from './memory-limit.ts';

const wrapper = [
  'unshare',
  '--user',
  '--map-current-user',
  '--pid',
  '--mount-proc',
  '--fork',
  '--kill-child=SIGKILL',
] as const;

let available: Promise<boolean> | undefined;

function isAvailable(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(false);
  const [program, ...args] = wrapper;
  return promisify(execFile)(program, [...args, 'true'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

/**
 * The command such that it sees no processes but its own: what runs as the same user could otherwise read the environment
 * and memory of this program in /proc. Where the system gives no user namespaces (a container without them), the command as
 * it is.
 */
export async function withOwnProcesses(command: Command): Promise<Command> {
  available ??= isAvailable();
  const [program, ...args] = wrapper;
  return (await available) ? { program, args: [...args, command.program, ...command.args] } : command;
}
