import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from './memory-limit.ts';

/** What a program that is run apart sees. */
export interface ApartOptions {
  /** The folder that it may read and write; it may lie in a hidden one. */
  own: string;
  /** Folders and files that are empty for it. Missing ones are no error. */
  hidden: readonly string[];
}

const namespaces = [
  'unshare',
  '--user',
  '--map-current-user',
  '--keep-caps',
  '--mount',
  '--pid',
  '--mount-proc',
  '--fork',
  '--kill-child=SIGKILL',
] as const;

/** Covers what is hidden, lays the own folder over it, and gives all privileges up, so that nothing can be uncovered. */
const script = `set -e
here=$(pwd)
own=$1
shift
cd "$own"
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mount -t tmpfs -o mode=755 tmpfs "$1"; elif [ -e "$1" ]; then mount -c --bind /dev/null "$1"; fi
  shift
done
shift
mkdir -p "$own"
mount -c --bind . "$own"
cd "$here"
exec setpriv --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$@"
`;

function apart({ program, args }: Command, { own, hidden }: ApartOptions): Command {
  const [unshare, ...flags] = namespaces;
  return { program: unshare, args: [...flags, 'sh', '-c', script, 'sh', own, ...hidden, '--', program, ...args] };
}

/** Tries it all once: containers often forbid some of it. */
async function tryOut(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-apart-'));
  const own = join(folder, 'own');
  try {
    await mkdir(own);
    await Promise.all([writeFile(join(folder, 'hidden'), ''), writeFile(join(own, 'seen'), '')]);
    const test = `test -e '${own}/seen' && test ! -e '${folder}/hidden'`;
    const { program, args } = apart({ program: 'sh', args: ['-c', test] }, { own, hidden: [folder] });
    await promisify(execFile)(program, args, { cwd: own, timeout: 10_000 });
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let available: Promise<boolean> | undefined;

/** Whether the system lets programs be run apart. */
export function canRunApart(): Promise<boolean> {
  available ??= tryOut();
  return available;
}

/**
 * The command in namespaces of its own: /proc shows only its own processes, hidden folders are empty but for its own one,
 * and it has no privileges. What runs as the same user could otherwise read our environment and memory, and the files of
 * others. Where the system gives no user namespaces, the command as it is.
 */
export async function withApart(command: Command, options: ApartOptions): Promise<Command> {
  return (await canRunApart()) ? apart(command, options) : command;
}
