import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '../native/git-config.ts';
import { isWithoutProxy, shellWord, sshEnvironment } from '../native/ssh-access.ts';
import { hostOfRepository } from '../network/guard.ts';
import { normaliseAccess, protocolOf } from '../repository-url.ts';
import type { RepositoryAccess } from '../types.ts';
import { serveCredentials, stemOf } from './credential-server.ts';

/** What lets git of other processes reach one repository, until it is given back. */
export interface Borrowed extends AsyncDisposable {
  /** Added to that of the processes. Holds no secret, only where git asks. */
  environment: Record<string, string>;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Settings = [name: string, value: string][];
type Write = (name: string, content: string) => Promise<string>;

const pemFiles = [
  ['certificateAuthority', 'ca.pem', 'sslCAInfo'],
  ['tlsClientCert', 'client.pem', 'sslCert'],
  ['tlsClientKey', 'client-key.pem', 'sslKey'],
] as const;

async function transportSettings(access: RepositoryAccess, write: Write): Promise<Settings> {
  const settings: Settings = [];
  if (access.insecure) settings.push(['sslVerify', 'false']);
  const host = hostOfRepository(access.url)?.host ?? '';
  if (access.proxy && !isWithoutProxy(host, access.noProxy ?? '')) settings.push(['proxy', access.proxy]);
  for (const [field, name, setting] of pemFiles) {
    const content = access[field];
    if (content) settings.push([setting, await write(name, content)]);
  }
  if (access.bearerToken) {
    settings.push(['extraHeader', `Authorization: Bearer ${access.bearerToken.trim()}`], ['followRedirects', 'false']);
  }
  return settings;
}

/** The first, empty value makes git forget the helpers that it knew. */
function credentialSettings(socket: string): Settings {
  const program = join(import.meta.dirname, 'credential-helper.ts');
  const words = [process.execPath, program, socket].map(shellWord).join(' ');
  return [
    ['helper', ''],
    ['helper', `!${words}`],
    ['useHttpPath', 'true'],
  ];
}

/** Settings that hold for one repository, with and without `.git` at the end of its URL. */
function configText(url: string, sections: Record<'http' | 'credential', Settings>): string {
  const stem = stemOf(url);
  return [stem, `${stem}.git`]
    .flatMap((spelling) =>
      Object.entries(sections).map(([section, settings]) => {
        const lines = settings.map(([name, value]) => `\t${name} = ${quoted(value)}\n`);
        return `[${section} ${quoted(spelling)}]\n${lines.join('')}`;
      }),
    )
    .join('');
}

/** One more setting beside those that the environment already has. */
function withInclude(file: string, ambient: Environment): Record<string, string> {
  const count = Number(ambient['GIT_CONFIG_COUNT'] ?? '0') || 0;
  return {
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: 'include.path',
    [`GIT_CONFIG_VALUE_${count}`]: file,
  };
}

async function lendHttp(
  access: RepositoryAccess,
  { folder, write, ambient }: { folder: string; write: Write; ambient: Environment },
): Promise<{ environment: Record<string, string>; end?: () => Promise<void> }> {
  const http = await transportSettings(access, write);
  const hasPassword = !access.bearerToken && Boolean(access.username || access.password);
  const server = hasPassword ? await serveCredentials(access, join(folder, 'ask')) : undefined;
  const credential = server ? credentialSettings(server.socket) : [];
  const file = await write('config', configText(access.url, { http, credential }));
  return { environment: withInclude(file, ambient), ...(server ? { end: () => server.close() } : {}) };
}

/**
 * Lends an access to processes that run git (2.31 or later) with the environment given back: for that one repository, over
 * http by a credential helper that asks here, over ssh for its host. Other repositories are reached as before. User and
 * password are never on disk; a bearer token, the key of a client certificate and an ssh key are in the folder until the end.
 *
 * @param folder is made, for its owner only, and removed in the end.
 * @param ambient the environment that the processes have otherwise.
 */
export async function lendAccess(given: RepositoryAccess, folder: string, ambient: Environment): Promise<Borrowed> {
  const access = normaliseAccess(given);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const write: Write = async (name, content) => {
    const file = join(folder, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  const remove = () => rm(folder, { recursive: true, force: true });
  const quiet = { GIT_TERMINAL_PROMPT: '0' };
  try {
    switch (protocolOf(access.url)) {
      case 'file':
        return { environment: quiet, [Symbol.asyncDispose]: remove };
      case 'ssh': {
        const host = hostOfRepository(access.url)?.host.replace(/^\[|\]$/g, '');
        const environment = await sshEnvironment(access, write, host ?? '*');
        return { environment: { ...quiet, ...environment }, [Symbol.asyncDispose]: remove };
      }
      case 'https':
      case 'http': {
        const { environment, end } = await lendHttp(access, { folder, write, ambient });
        const dispose = async () => {
          await end?.();
          await remove();
        };
        return { environment: { ...quiet, ...environment }, [Symbol.asyncDispose]: dispose };
      }
    }
  } catch (error) {
    await remove();
    throw error;
  }
}
