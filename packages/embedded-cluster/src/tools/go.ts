import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { type RunResult, run } from '../processes/run.ts';
import { moduleFolder } from './cache-folder.ts';
import { executablesOnPath } from './find-on-path.ts';
import { compareVersions, type Version, versionIn } from './version.ts';

/** Runs the Go tool in one of this package's modules, with the module's pins and nothing of the user's settings. */
export type Go = (module: string, args: readonly string[], signal?: AbortSignal) => Promise<RunResult>;

/**
 * Finds a Go that is new enough for the module (PATH, then `$GOROOT`, then the usual place of Go's own installer).
 * Throws `EMBEDDED_GO_MISSING` with what to install; `purpose` ends the sentence "Go is needed to …".
 */
export async function findGo(module: string, purpose: string, searchPath = goSearchPath()): Promise<Go> {
  const wanted = await goDirective(module);
  const seen: string[] = [];
  for (const path of new Set(await executablesOnPath('go', searchPath))) {
    const { stdout } = await run(path, ['env', 'GOVERSION'], { env: goEnvironment(), timeoutMs: 20_000 });
    const version = versionIn(stdout.replace(/^go/, 'v'));
    if (version && compareVersions(version, wanted) >= 0) return goOf(path);
    if (version) seen.push(`${path} is ${stdout.trim()}`);
  }
  const found = seen.length > 0 ? `only ${seen.join(', ')}` : 'no go command was found';
  throw new PlumblineError('EMBEDDED_GO_MISSING', `Go is needed to ${purpose}, but ${found}`, {
    hint: `install Go ${wanted.major}.${wanted.minor} or newer (https://go.dev/doc/install) and put its bin folder on PATH`,
  });
}

function goOf(path: string): Go {
  return (module, args, signal) => run(path, args, { cwd: moduleFolder(module), env: goEnvironment(), signal });
}

function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off' };
}

function goSearchPath(): string {
  const root = process.env['GOROOT'];
  const folders = [process.env['PATH'], root && join(root, 'bin'), '/usr/local/go/bin'];
  return folders.filter(Boolean).join(delimiter);
}

async function goDirective(module: string): Promise<Version> {
  const text = await readFile(join(moduleFolder(module), 'go.mod'), 'utf8');
  const line = /^go (\S+)$/m.exec(text);
  return versionIn(line?.[1] ?? '') ?? { major: 1, minor: 26, patch: 0 };
}
