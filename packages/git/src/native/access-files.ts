import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { authorizationOf, protocolOf } from '../repository-url.ts';
import type { RepositoryAccess } from '../types.ts';
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

/** Repositories on disk belong to whoever made them; upload-pack takes this setting from no other place than a file. */
const gitConfig = '[safe]\n\tdirectory = *\n';

/** Answers git's two questions for the repository's own server only, so that a redirect can't lead credentials away. */
const askpassScript = `#!/bin/sh
case "$1" in
  "Username for '$PLUMBLINE_SCHEME://$PLUMBLINE_HOST': ") printf '%s\\n' "$PLUMBLINE_USERNAME" ;;
  "Password for '$PLUMBLINE_SCHEME://"*"@$PLUMBLINE_HOST': ") printf '%s\\n' "$PLUMBLINE_PASSWORD" ;;
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

/** Settings by environment, where no other user of the machine can read them (unlike an argument list). */
function withConfig(
  env: Record<string, string>,
  config: readonly (readonly [string, string])[],
): Record<string, string> {
  const result: Record<string, string> = { ...env, GIT_CONFIG_COUNT: String(config.length) };
  config.forEach(([key, value], index) => {
    result[`GIT_CONFIG_KEY_${index}`] = key;
    result[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return result;
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

async function httpConfig(access: RepositoryAccess, folder: string): Promise<(readonly [string, string])[]> {
  const config: (readonly [string, string])[] = [
    // Ends a transfer that stands still; a server that is busy counting still sends a keep-alive every 5 s.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', '15'],
  ];
  if (access.insecure) config.push(['http.sslVerify', 'false']);
  if (access.proxy) config.push(['http.proxy', access.proxy]);
  for (const [field, name, key] of pemFiles) {
    const content = access[field];
    if (content) config.push([key, await writeSecret(folder, name, content)]);
  }
  return config;
}

/**
 * Writes what git needs as files (configuration, askpass program, PEM files, ssh key; mode 0600 in a folder of mode 0700) and
 * prepares the environments. Only the protocol of the URL is allowed, so no redirect or configuration leads elsewhere.
 */
export async function prepareAccess(
  access: RepositoryAccess,
  folder: string,
  ambient: NodeJS.ProcessEnv = process.env,
): Promise<GitAccess> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const local = localEnvironment(await writeSecret(folder, 'gitconfig', gitConfig), ambient);
  const protocol = protocolOf(access.url);
  const base: Record<string, string> = { ...local, GIT_ALLOW_PROTOCOL: protocol === 'http' ? 'http:https' : protocol };
  if (access.proxy) base['no_proxy'] = access.noProxy ?? '';
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  if (protocol === 'ssh') {
    const ssh = await sshEnvironment(access, folder, (name, content) => writeSecret(folder, name, content));
    return { local, remote: () => ({ ...base, ...ssh }), remove };
  }
  if (protocol !== 'https' && protocol !== 'http') return { local, remote: () => base, remove };

  const config = await httpConfig(access, folder);
  const authorization = authorizationOf(access);
  if (!authorization) return { local, remote: () => withConfig(base, config), remove };
  const askpass = join(folder, 'askpass');
  await writeFile(askpass, askpassScript, { mode: 0o700 });
  const header = [
    ...config,
    ['http.extraHeader', `Authorization: ${authorization}`],
    ['http.followRedirects', 'false'],
  ] as const;
  const asking = {
    ...base,
    GIT_ASKPASS: askpass,
    PLUMBLINE_SCHEME: protocol,
    PLUMBLINE_HOST: new URL(access.url).host,
    PLUMBLINE_USERNAME: access.username || 'git',
    PLUMBLINE_PASSWORD: access.password ?? '',
  };
  return {
    local,
    remote: (mode) => (mode === 'header' ? withConfig(base, header) : withConfig(asking, config)),
    remove,
  };
}
