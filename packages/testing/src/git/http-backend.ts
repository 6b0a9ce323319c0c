import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './git-repository.ts';

/** Settings of the served repositories: pushes are taken, also into the branch that is checked out. */
const settings = {
  'http.receivepack': 'true',
  'receive.denyCurrentBranch': 'updateInstead',
  'safe.directory': '*',
  'uploadpack.allowAnySHA1InWant': 'true',
  'uploadpack.allowFilter': 'true',
};

/** Answers one request by `git http-backend` (CGI). `/<name>.git/…` is the repository `<name>` or `<name>.git` in root. */
export function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const backend = spawn('git', ['http-backend'], {
    env: cgiEnvironment(root, request),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  let head = Buffer.alloc(0);
  backend.on('error', (error) => response.destroy(error));
  backend.stderr.on('data', (data) => {
    errors += String(data);
  });
  backend.stdin.on('error', () => {});
  request.pipe(backend.stdin);
  response.on('close', () => backend.kill());
  const onData = (data: Buffer) => {
    head = Buffer.concat([head, data]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    backend.stdout.off('data', onData);
    writeHead(response, head.subarray(0, end).toString('latin1'));
    response.write(head.subarray(end + 4));
    backend.stdout.pipe(response);
  };
  backend.stdout.on('data', onData);
  backend.on('close', () => {
    if (!response.headersSent) response.writeHead(500).end(errors);
    else response.end();
  });
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}

function cgiEnvironment(root: string, request: IncomingMessage): NodeJS.ProcessEnv {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const { headers } = request;
  return {
    ...gitEnvironment(),
    ...gitSettings(),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(path).replace(/^\/([^/]+?)\.git(?=\/)/, '/$1'),
    QUERY_STRING: query,
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: headers['content-type'] ?? '',
    ...(headers['content-length'] ? { CONTENT_LENGTH: headers['content-length'] } : {}),
    ...(headers['content-encoding'] ? { HTTP_CONTENT_ENCODING: headers['content-encoding'] } : {}),
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    REMOTE_ADDR: '127.0.0.1',
  };
}

function gitSettings(): NodeJS.ProcessEnv {
  const entries = Object.entries(settings);
  const pairs = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(pairs) };
}
