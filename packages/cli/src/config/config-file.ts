import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fatal } from '../fatal.ts';

/** The part of the environment that says where the file lies. */
interface ConfigPlace {
  env: Record<string, string | undefined>;
  home: string;
}

/** A server as `plumb login` knows it. */
export interface ServerEntry {
  /** Its URL. */
  server: string;
  /** The certificate is not checked. */
  insecure?: boolean;
  /** PEM as base64: who has signed the certificate. */
  'certificate-authority-data'?: string;
  /** There is no server: commands work on the cluster of the kubeconfig. */
  core?: boolean;
}

/** Log-ins by context name (reference §14). */
export interface ConfigFile {
  contexts: { name: string; server: string; user: string }[];
  'current-context': string;
  servers: ServerEntry[];
  /** `refresh-token`: of a log-in with SSO, for a new `auth-token` when that has ended. */
  users: { name: string; 'auth-token'?: string; 'refresh-token'?: string }[];
  /** The one before the current one, which `plumb context -` goes back to. */
  'previous-context'?: string;
  /** `false`: nothing is asked before something is deleted. */
  'prompts-enabled'?: boolean;
}

const empty: ConfigFile = { contexts: [], 'current-context': '', servers: [], users: [] };

/** `$PLUMB_CONFIG_DIR/config`, an existing `~/.plumb/config`, else below `$XDG_CONFIG_HOME` or `~/.config`. */
export function configPath({ env, home }: ConfigPlace): string {
  if (env['PLUMB_CONFIG_DIR']) return join(env['PLUMB_CONFIG_DIR'], 'config');
  const own = join(home, '.plumb', 'config');
  if (existsSync(own)) return own;
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'plumbline', 'config');
}

function isList(value: unknown): boolean {
  return value === undefined || value === null || Array.isArray(value);
}

/** The file's content; empty where there is none. Throws Fatal for a file that is no such configuration. */
export async function readConfig(path: string): Promise<ConfigFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!text?.trim()) return empty;
  const { load } = await import('js-yaml');
  const next = `mend or remove ${path}, then log in again`;
  let value: unknown;
  try {
    value = load(text);
  } catch (error) {
    throw new Fatal(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, { next });
  }
  const file = { ...empty, ...(value as Partial<ConfigFile>) };
  if (typeof value !== 'object' || !isList(file.contexts) || !isList(file.servers) || !isList(file.users)) {
    throw new Fatal(`${path} is no plumb configuration`, { next });
  }
  return { ...file, contexts: file.contexts ?? [], servers: file.servers ?? [], users: file.users ?? [] };
}

/** Writes the file whole, readable by its owner only: it holds tokens. */
export async function writeConfig(path: string, file: ConfigFile): Promise<void> {
  const { dump } = await import('js-yaml');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, dump(file), { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}
