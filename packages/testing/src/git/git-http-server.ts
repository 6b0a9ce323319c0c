import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { type CertificatePair, createCertificateAuthority } from '@plumbline/embedded-cluster';
import { serveGit } from './http-backend.ts';

export interface GitHttpServerOptions {
  /** A folder of repositories, or one repository. */
  folder: string;
  /** With a password: asked for on every request (basic authentication). */
  username?: string;
  password?: string;
  /** `true` = https with a certificate of a new authority; `mutual` = clients need a certificate of it too. */
  tls?: boolean | 'mutual';
}

/** One request that the server saw. The query is left out. */
export interface GitRequest {
  method: string;
  path: string;
  /** The status of the answer; undefined while there is none. */
  status: number | undefined;
}

/** Git over smart HTTP, by `git http-backend`. */
export interface GitHttpServer extends AsyncDisposable {
  /** `http(s)://127.0.0.1:<port>` */
  readonly url: string;
  /** URL of a repository by its folder: `<url>/<folder name>.git`. */
  repositoryUrl(repository: { folder: string }): string;
  /** In the order of their arrival. Set `length = 0` to forget. */
  readonly requests: GitRequest[];
  /** Answers every request with this HTTP status from now on. */
  failWith(status: number): void;
  /** Answers nothing from now on; connections stay open. */
  hang(): void;
  /** Back to normal. Requests that hang are cut off. */
  recover(): void;
  /** PEM of the authority, where TLS is on. */
  readonly certificateAuthority: string | undefined;
  /** A certificate that the server accepts, where TLS is `mutual`. */
  readonly clientCertificate: CertificatePair | undefined;
  close(): Promise<void>;
}

/** Starts the server on a free loopback port. Pushes are allowed too. */
export async function gitHttpServer(options: GitHttpServerOptions): Promise<GitHttpServer> {
  const root = projectRoot(options.folder);
  const requests: GitRequest[] = [];
  const faults = createFaults();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    note(requests, request, response);
    if (faults.apply(response)) return;
    if (isAllowed(request, options)) return serveGit(root, request, response);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('log in first\n');
  };
  const { server, certificateAuthority, clientCertificate } = await createListener(options.tls ?? false, handle);
  const { port } = await listen(server);
  const url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const close = () => closeServer(server);
  return {
    url,
    repositoryUrl: ({ folder }) => `${url}/${basename(folder).replace(/\.git$/, '')}.git`,
    requests,
    ...faults.controls,
    certificateAuthority,
    clientCertificate,
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Mode = { kind: 'serve' } | { kind: 'fail'; status: number } | { kind: 'hang' };

/** What the server does instead of serving, on demand. `apply` says whether it took the request. */
function createFaults() {
  const hanging = new Set<ServerResponse>();
  let mode: Mode = { kind: 'serve' };
  const controls: Pick<GitHttpServer, 'failWith' | 'hang' | 'recover'> = {
    failWith: (status) => {
      mode = { kind: 'fail', status };
    },
    hang: () => {
      mode = { kind: 'hang' };
    },
    recover: () => {
      mode = { kind: 'serve' };
      for (const response of hanging) response.destroy();
      hanging.clear();
    },
  };
  const apply = (response: ServerResponse): boolean => {
    if (mode.kind === 'hang') hanging.add(response);
    if (mode.kind === 'fail') response.writeHead(mode.status).end('the test wants this to fail\n');
    return mode.kind !== 'serve';
  };
  return { controls, apply };
}

function projectRoot(folder: string): string {
  const isRepository = existsSync(join(folder, '.git')) || existsSync(join(folder, 'HEAD'));
  return resolve(isRepository ? dirname(folder) : folder);
}

function note(requests: GitRequest[], request: IncomingMessage, response: ServerResponse): void {
  const entry: GitRequest = {
    method: request.method ?? '',
    path: (request.url ?? '').split('?')[0] ?? '',
    status: undefined,
  };
  requests.push(entry);
  response.once('finish', () => {
    entry.status = response.statusCode;
  });
}

function isAllowed(request: IncomingMessage, { username, password }: GitHttpServerOptions): boolean {
  if (username === undefined && password === undefined) return true;
  const expected = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
  return request.headers.authorization === `Basic ${expected}`;
}

async function createListener(tls: boolean | 'mutual', handle: RequestListener) {
  if (!tls) return { server: createServer(handle), certificateAuthority: undefined, clientCertificate: undefined };
  const authority = await createCertificateAuthority({ commonName: 'plumbline-test-ca' });
  const pair = await authority.issue({ commonName: 'localhost', hosts: ['localhost', '127.0.0.1'] });
  const mutual = tls === 'mutual' ? { ca: authority.certificate, requestCert: true, rejectUnauthorized: true } : {};
  return {
    server: createTlsServer({ cert: pair.certificate, key: pair.key, ...mutual }, handle),
    certificateAuthority: authority.certificate,
    clientCertificate: tls === 'mutual' ? await authority.issue({ commonName: 'git-client' }) : undefined,
  };
}

function listen(server: Server): Promise<AddressInfo> {
  return new Promise((done, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => done(server.address() as AddressInfo));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
