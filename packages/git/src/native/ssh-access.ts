import { join } from 'node:path';
import { hostOfRepository } from '../network/guard.ts';
import type { RepositoryAccess } from '../types.ts';

/** Writes a file that only its owner may read; gives its path. */
type WriteSecret = (name: string, content: string) => Promise<string>;

/** A path as a value in an ssh configuration file: quoted, and without the meaning of `%`. */
function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/**
 * The whole configuration of ssh: nothing of the user or machine is read, no agent and no other key is tried, nothing is
 * asked for, and the server must be one of the known hosts unless the access says `insecure`.
 */
function sshConfiguration(files: {
  knownHosts: string;
  key: string | undefined;
  insecure: boolean;
  proxyCommand?: string;
  /** All this is for one host only; for others the configuration of user and machine holds. */
  onlyFor?: string;
}): string {
  const { knownHosts, key, insecure, proxyCommand, onlyFor } = files;
  const lines = [
    'User git', // A user in the URL wins.
    'BatchMode yes',
    'PreferredAuthentications publickey',
    'IdentitiesOnly yes',
    'IdentityAgent none',
    ...(key === undefined ? ['PubkeyAuthentication no', 'IdentityFile none'] : [`IdentityFile ${quoted(key)}`]),
    `StrictHostKeyChecking ${insecure ? 'no' : 'yes'}`,
    `UserKnownHostsFile ${insecure ? '/dev/null' : quoted(knownHosts)}`,
    'GlobalKnownHostsFile /dev/null',
    'UpdateHostKeys no',
    'VerifyHostKeyDNS no',
    ...(proxyCommand === undefined ? [] : [`ProxyCommand ${proxyCommand}`]),
    'ForwardAgent no',
    'ForwardX11 no',
    'ClearAllForwardings yes',
    'PermitLocalCommand no',
    'ConnectTimeout 10',
    'ServerAliveInterval 5',
    'ServerAliveCountMax 3',
    'LogLevel ERROR',
  ];
  const others = onlyFor === undefined ? '' : 'Host *\n\tInclude ~/.ssh/config\n\tInclude /etc/ssh/ssh_config\n';
  return `Host ${onlyFor ?? '*'}\n${lines.map((line) => `\t${line}\n`).join('')}${others}`;
}

/** One word of a shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** For a shell, in an ssh configuration. */
function configurationWord(text: string): string {
  return shellWord(text).replaceAll('%', '%%');
}

/** Whether the list (comma-separated; `*`, hosts, and domains with or without a dot before them) names the host. */
export function isWithoutProxy(host: string, noProxy: string): boolean {
  const wanted = host.toLowerCase();
  return noProxy.split(',').some((entry) => {
    const name = entry
      .trim()
      .toLowerCase()
      .replace(/^\*?\./, '');
    return name === '*' || (name !== '' && (wanted === name || wanted.endsWith(`.${name}`)));
  });
}

/** What brings ssh through the repository's proxy; the proxy's URL may have a password in it, so it is in a file. */
async function proxyCommandFor(access: RepositoryAccess, write: WriteSecret): Promise<string | undefined> {
  const { proxy, noProxy = '', url } = access;
  if (!proxy || isWithoutProxy(hostOfRepository(url)?.host ?? '', noProxy)) return undefined;
  const script = join(import.meta.dirname, 'ssh-proxy.ts');
  return [process.execPath, script, await write('proxy', proxy)].map(configurationWord).concat('%h', '%p').join(' ');
}

/**
 * Writes key, known hosts and configuration into a private folder. The private key is in no argument list and no
 * environment. Gives the configuration's path.
 *
 * @param onlyFor see {@link sshConfiguration}.
 */
export async function writeSshFiles(access: RepositoryAccess, write: WriteSecret, onlyFor?: string): Promise<string> {
  const { sshPrivateKey, sshKnownHosts = '', insecure = false } = access;
  const knownHosts = await write('known_hosts', withNewline(sshKnownHosts));
  const key = sshPrivateKey ? await write('ssh-key', withNewline(sshPrivateKey.replaceAll('\r\n', '\n'))) : undefined;
  const proxyCommand = await proxyCommandFor(access, write);
  return write(
    'ssh_config',
    sshConfiguration({
      knownHosts,
      key,
      insecure,
      ...(proxyCommand ? { proxyCommand } : {}),
      ...(onlyFor === undefined ? {} : { onlyFor }),
    }),
  );
}

/** The environment that makes git use the files that it writes. */
export async function sshEnvironment(
  access: RepositoryAccess,
  write: WriteSecret,
  onlyFor?: string,
): Promise<Record<string, string>> {
  // git gives the command to a shell; the folder's name is quoted for it.
  const file = await writeSshFiles(access, write, onlyFor);
  return { GIT_SSH_COMMAND: `ssh -F ${shellWord(file)}`, GIT_SSH_VARIANT: 'ssh' };
}
