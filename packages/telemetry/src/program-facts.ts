import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What runs the program. Nothing here is written in Go, so there is no `GoVersion`. */
interface RuntimeFacts {
  /** As Go names it, for example `linux/amd64`. */
  Platform: string;
  NodeVersion: string;
  /** What makes machine code of the program: it is not compiled before it runs. */
  Compiler: string;
}

/** From which commit the program runs. */
interface CheckoutFacts {
  GitCommit: string;
  /** `dirty`: files differ from the commit. */
  GitTreeState: 'clean' | 'dirty';
  /** Where the commit has one. */
  GitTag?: string;
  /** When the commit was made: there is no build. RFC 3339, UTC. */
  BuildDate: string;
}

const systems: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', mipsel: 'mipsle' };

/** System and architecture as Go names them. */
export function platformName({ platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>): string {
  return `${systems[platform] ?? platform}/${architectures[arch] ?? arch}`;
}

export function runtimeFacts(): RuntimeFacts {
  return {
    Platform: platformName(process),
    NodeVersion: process.version,
    Compiler: `v8 ${process.versions.v8}`,
  };
}

const run = promisify(execFile);
const timeoutMs = 5_000;
/** The root of the checkout that this file is part of. */
const ownRoot = join(import.meta.dirname, '..', '..', '..');

/** Variables that would make git look at another repository. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
}

/** From which commit the program runs; undefined where it does not run from a checkout, or nothing can be said of it. */
export async function checkoutFacts(root: string = ownRoot): Promise<CheckoutFacts | undefined> {
  const options = { env: cleanEnvironment(), timeout: timeoutMs };
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', ['--no-optional-locks', '-C', root, ...args], options)).stdout.trim();
  try {
    // A repository further up is somebody else's.
    if ((await realpath(await git('rev-parse', '--show-toplevel'))) !== (await realpath(root))) return undefined;
    const [commit, changes, tag] = await Promise.all([
      git('log', '-1', '--format=%H %ct'),
      git('status', '--porcelain'),
      git('describe', '--tags', '--exact-match').catch(() => ''),
    ]);
    const [GitCommit = '', seconds] = commit.split(' ');
    return {
      GitCommit,
      GitTreeState: changes === '' ? 'clean' : 'dirty',
      ...(tag ? { GitTag: tag } : {}),
      BuildDate: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    };
  } catch {
    return undefined;
  }
}
