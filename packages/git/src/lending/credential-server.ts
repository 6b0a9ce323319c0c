import { createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { normaliseUrl } from '../repository-url.ts';
import type { RepositoryAccess } from '../types.ts';

/** Answers git's question for user and password of one repository, for as long as it is open. */
interface CredentialServer {
  socket: string;
  close(): Promise<void>;
}

/** What all spellings of an http repository's URL begin with: without `.git`. */
export function stemOf(url: string): string {
  return normaliseUrl(url).replace(/\.git$/, '');
}

function fieldsOf(question: string): Record<string, string> {
  const pairs = question.split('\n').map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, Math.max(at, 0)), line.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

/** The answer to a question in the format of git's credential helpers; '' where it is about another repository. */
export function answerFor(access: RepositoryAccess, question: string): string {
  const { protocol = '', host = '', path = '' } = fieldsOf(question);
  const url = `${protocol}://${host}/${path.replace(/\/info\/lfs(\/.*)?$/, '')}`;
  if (!URL.canParse(url) || stemOf(url) !== stemOf(access.url)) return '';
  const { username = '', password = '' } = access;
  return `username=${username || 'git'}\npassword=${password}\n`;
}

async function listen(server: Server, socket: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  }).catch((cause: unknown) => {
    throw new PlumblineError('GIT_CREDENTIAL_SOCKET', `${socket} can't be listened at: ${errorMessage(cause)}`, {
      hint: 'the path of a socket has 107 bytes at most: use a shorter TMPDIR',
      cause,
    });
  });
}

/** @param socket its folder is open to its owner only. Throws `GIT_CREDENTIAL_SOCKET`. */
export async function serveCredentials(access: RepositoryAccess, socket: string): Promise<CredentialServer> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    connection.on('error', () => connection.destroy());
    text(connection).then(
      (question) => connection.end(answerFor(access, question)),
      () => connection.destroy(),
    );
  });
  await listen(server, socket);
  return {
    socket,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of open) connection.destroy();
      await closed;
    },
  };
}
