import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { authorizationOf, protocolOf } from '../repository-url.ts';
import type { RepositoryAccess } from '../types.ts';
import { type GitSetting, gitConfigText } from './git-config.ts';
import { sshEnvironment } from './ssh-access.ts';

/** How credentials reach an http server: with the first request, or when git is asked for them (redirecting servers). */
export type CredentialMode = 'header' | 'askpass';

/** The environment of every git process of one mirror. */
export interface GitAccess {
  /** For processes that only read the mirror. */
  local: Record<string, string>;
  /** For processes that talk to the remote. */
  remote(mode: CredentialMode): Record<string, string>;
  /** Removes what was written for it. */
  remove(): Promise<void>;
}

const commonSettings: readonly GitSetting[] = [
  // Repositories on disk belong to whoever made them; upload-pack takes this setting from no other place than a file.
  ['safe.directory', '*'],
  // Git would keep all of a pack in memory that it ever looked into.
  ['core.packedGitWindowSize', '1m'],
  ['core.packedGitLimit', '16m'],
  ['core.deltaBaseCacheLimit', '16m'],
];

/** Answers git's two questions for the repository's own server only, so that a redirect can't lead credentials away. */
const askpassScript = `#!/bin/sh
folder=\${0%/*}
server=$(cat "$folder/server")
case "$1" in
  "Username for '$server': ") cat "$folder/username" ;;
  "Password for '\${server%%//*}//"*"@\${server#*//}': ") cat "$folder/password" ;;
  *) exit 1 ;;
esac
`;

/** What an operator sets for the whole process and curl should see. */
const inherited = [
  'PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTPS_PROXY',
  'NO_PROXY',
];

function localEnvironment(configFile: string, ambient: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {
    LC_ALL: 'C',
    HOME: '/dev/null',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
  };
  for (const name of inherited) {
    const value = ambient[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

const pemFiles = [
  ['certificateAuthority', 'ca.pem', 'http.sslCAInfo'],
  ['tlsClientCert', 'client.pem', 'http.sslCert'],
  ['tlsClientKey', 'client-key.pem', 'http.sslKey'],
] as const;

async function writeSecret(folder: string, name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content, { mode: 0o600 });
  return file;
}

async function httpSettings(access: RepositoryAccess, folder: string): Promise<GitSetting[]> {
  const config: GitSetting[] = [
    // Ends a transfer that stands still; a server that is busy counting still sends a keep-alive every 5 s.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', '15'],
  ];
  // Where redirects of foreign addresses lead is checked first.
  if (access.foreign) config.push(['http.followRedirects', 'false']);
  if (access.insecure) config.push(['http.sslVerify', 'false']);
  if (access.proxy) config.push(['http.proxy', access.proxy]);
  for (const [field, name, key] of pemFiles) {
    const content = access[field];
    if (content) config.push([key, await writeSecret(folder, name, content)]);
  }
  return config;
}

/** Writes a configuration file with these settings and those that all have. */
function writeConfig(folder: string, name: string, settings: readonly GitSetting[] = []): Promise<string> {
  return writeSecret(folder, name, gitConfigText([...commonSettings, ...settings]));
}

/** The environments for an http server, by the way in which credentials reach it. */
async function httpEnvironments(
  access: RepositoryAccess,
  folder: string,
  base: Record<string, string>,
): Promise<GitAccess['remote']> {
  const settings = await httpSettings(access, folder);
  const plain = { ...base, GIT_CONFIG_GLOBAL: await writeConfig(folder, 'gitconfig-remote', settings) };
  const authorization = authorizationOf(access);
  if (!authorization) return () => plain;
  const header: readonly GitSetting[] = [
    ...settings,
    ['http.extraHeader', `Authorization: ${authorization}`],
    ['http.followRedirects', 'false'],
  ];
  const withHeader = { ...base, GIT_CONFIG_GLOBAL: await writeConfig(folder, 'gitconfig-header', header) };
  const { protocol, host } = new URL(access.url);
  await writeSecret(folder, 'server', `${protocol}//${host}\n`);
  await writeSecret(folder, 'username', `${access.username || 'git'}\n`);
  await writeSecret(folder, 'password', `${access.password ?? ''}\n`);
  const askpass = join(folder, 'askpass');
  await writeFile(askpass, askpassScript, { mode: 0o700 });
  return (mode) => (mode === 'header' ? withHeader : { ...plain, GIT_ASKPASS: askpass });
}

/**
 * Writes what git needs as files (configurations, askpass program, credentials, PEM files, ssh key; mode 0600 in a folder of
 * mode 0700) and prepares the environments, in which no secret is: other processes of the same user could read it
 * there. Only the protocol of the URL is allowed, so no redirect or configuration leads elsewhere.
 */
export async function prepareAccess(
  access: RepositoryAccess,
  folder: string,
  ambient: NodeJS.ProcessEnv = process.env,
): Promise<GitAccess> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const local = localEnvironment(await writeConfig(folder, 'gitconfig'), ambient);
  const protocol = protocolOf(access.url);
  const base: Record<string, string> = { ...local, GIT_ALLOW_PROTOCOL: protocol === 'http' ? 'http:https' : protocol };
  if (access.proxy) base['no_proxy'] = access.noProxy ?? '';
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  switch (protocol) {
    case 'ssh': {
      const ssh = await sshEnvironment(access, (name, content) => writeSecret(folder, name, content));
      return { local, remote: () => ({ ...base, ...ssh }), remove };
    }
    case 'https':
    case 'http':
      return { local, remote: await httpEnvironments(access, folder, base), remove };
    case 'file':
      return { local, remote: () => base, remove };
  }
}
