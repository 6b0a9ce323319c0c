import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { writeSshFiles } from '../native/ssh-access.ts';
import type { RepositoryAccess } from '../types.ts';

/** Where an ssh server says that the LFS objects of a repository are, and what opens them. */
interface LfsEndpoint {
  href: string;
  header: Record<string, string>;
}

const timeoutMs = 30_000;

interface SshPlace {
  /** `user@host`, or the host alone. */
  login: string;
  port: string | undefined;
  path: string;
}

function placeOf(url: string): SshPlace {
  if (url.startsWith('ssh://')) {
    const { username, hostname, port, pathname } = new URL(url);
    const user = username ? `${decodeURIComponent(username)}@` : '';
    return {
      login: `${user}${hostname.replace(/^\[|\]$/g, '')}`,
      port: port || undefined,
      path: decodeURIComponent(pathname),
    };
  }
  const cut = url.indexOf(':');
  return { login: url.slice(0, cut), port: undefined, path: url.slice(cut + 1) };
}

function failed(url: string, words: string): PlumblineError {
  return new PlumblineError('GIT_LFS_OBJECT', `the LFS objects of ${url} can't be had over ssh: ${words}`, {
    retry: 'transient',
    hint: 'the server must know the command git-lfs-authenticate; else use the https URL of the repository',
    details: { repository: url },
  });
}

function run(args: readonly string[], url: string): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', HOME: '/dev/null' };
  return new Promise((resolve, reject) => {
    execFile('ssh', args, { env, timeout: timeoutMs, maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      if (error) reject(failed(url, stderr.trim().split('\n').slice(-3).join('; ') || error.message));
      else resolve(stdout);
    });
  });
}

function read(text: string, url: string): LfsEndpoint {
  try {
    const { href, header = {} } = JSON.parse(text) as { href?: string; header?: Record<string, string> };
    if (href && URL.canParse(href) && /^https?:/.test(href)) return { href: href.replace(/\/+$/, ''), header };
  } catch {
    throw failed(url, 'its answer is no JSON');
  }
  throw failed(url, 'its answer names no http address');
}

/**
 * Asks the repository's ssh server (`git-lfs-authenticate <path> download`), with the repository's own key and known
 * hosts, kept in `folder` while it is asked. Throws `GIT_LFS_OBJECT` (transient).
 */
export async function sshAuthenticate(access: RepositoryAccess, folder: string): Promise<LfsEndpoint> {
  const { login, port, path } = placeOf(access.url);
  if (login.startsWith('-') || path.startsWith('-')) throw failed(access.url, 'its address begins with a dash');
  const own = join(folder, `ssh-${crypto.randomUUID()}`);
  await mkdir(own, { recursive: true, mode: 0o700 });
  try {
    const config = await writeSshFiles(access, async (name, content) => {
      const file = join(own, name);
      await writeFile(file, content, { mode: 0o600 });
      return file;
    });
    const command = `git-lfs-authenticate '${path.replaceAll("'", "'\\''")}' download`;
    return read(await run(['-F', config, ...(port ? ['-p', port] : []), '--', login, command], access.url), access.url);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
