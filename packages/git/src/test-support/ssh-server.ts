import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@plumbline/testing';

/** A real sshd on a loopback port, with a host key of its own, that lets one key in. */
export interface SshServer extends AsyncDisposable {
  port: number;
  /** The user that may log in. */
  user: string;
  /** The private key that is let in. */
  key: string;
  /** A private key that is not. */
  strangerKey: string;
  /** The line of a known_hosts file for this server. */
  knownHosts: string;
  /** A line for this server's address with another server's key. */
  wrongKnownHosts: string;
  /** What `git-lfs-authenticate` answers; the command fails before it is set. */
  answerLfs(answer: string): Promise<void>;
  /** The commands of that kind that were asked for. */
  lfsCommands(): Promise<string[]>;
}

/** Runs what the client asks for, and answers for git-lfs itself. */
const forcedCommand = `#!/bin/sh
case "$SSH_ORIGINAL_COMMAND" in
  git-lfs-authenticate*) echo "$SSH_ORIGINAL_COMMAND" >> "\${0%/*}/lfs-asked"; exec cat "\${0%/*}/lfs-answer" ;;
  *) exec sh -c "$SSH_ORIGINAL_COMMAND" ;;
esac
`;

/** The daemon's path; as root on Debian it is installed where it is missing. */
function findDaemon(): string {
  const find = () => ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd'].find((path) => existsSync(path));
  if (!find() && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    spawnSync('apt-get', ['update', '-q']);
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'openssh-server'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  const found = find();
  if (!found) throw new Error('sshd is not installed: apt-get install -y openssh-server');
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function makeKey(folder: string, name: string): Promise<{ file: string; key: string; publicKey: string }> {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  const [key, publicKey] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.pub`, 'utf8')]);
  return { file, key, publicKey: publicKey.trim() };
}

/** The configuration of a server that knows no machine or user but those of this test. */
function daemonConfig(port: number, files: { hostKey: string; authorized: string; forced: string }): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${files.hostKey}`,
    `AuthorizedKeysFile ${files.authorized}`,
    'PidFile none',
    `ForceCommand ${files.forced}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    '',
  ].join('\n');
}

/** Starts an {@link SshServer}. */
export async function sshServer(): Promise<SshServer> {
  const daemon = findDaemon();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-sshd-'));
  const [host, other, user, stranger] = await Promise.all(
    ['host', 'other', 'user', 'stranger'].map((name) => makeKey(folder, name)),
  );
  if (!host || !other || !user || !stranger) throw new Error('no keys');
  const authorized = join(folder, 'authorized_keys');
  await writeFile(authorized, `${user.publicKey}\n`, { mode: 0o600 });
  await chmod(folder, 0o755);
  const forced = join(folder, 'forced-command');
  await writeFile(forced, forcedCommand, { mode: 0o755 });
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  await writeFile(config, daemonConfig(port, { hostKey: host.file, authorized, forced }));
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const child = spawn(daemon, ['-D', '-e', '-f', config], { stdio: 'ignore' });
  await listening(port);
  const line = (publicKey: string) => `[127.0.0.1]:${port} ${publicKey.split(' ').slice(0, 2).join(' ')}\n`;
  return {
    port,
    user: userInfo().username,
    key: user.key,
    strangerKey: stranger.key,
    knownHosts: line(host.publicKey),
    wrongKnownHosts: line(other.publicKey),
    answerLfs: (answer) => writeFile(join(folder, 'lfs-answer'), answer),
    lfsCommands: async () => (await readFile(join(folder, 'lfs-asked'), 'utf8')).trim().split('\n'),
    async [Symbol.asyncDispose]() {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)));
      socket.on('error', () => resolve(false));
    });
  await eventually(answers, { timeoutMs: 10_000, what: 'sshd to listen' });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
