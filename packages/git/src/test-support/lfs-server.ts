import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** An HTTP server that speaks the git-lfs batch API for any repository below it, with basic authentication. */
export interface LfsServer extends AsyncDisposable {
  url: string;
  /** Contents by digest. */
  objects: Map<string, Buffer>;
  /** Method, path and Authorization header of what arrived. */
  requests: { path: string; authorization: string | undefined }[];
  /** Sends downloads to this address instead of its own. */
  storage: string | undefined;
}

/** The pointer file for a content. */
export function pointerTo(content: string): string {
  const digest = createHash('sha256').update(content).digest('hex');
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize ${Buffer.byteLength(content)}\n`;
}

/** Starts an {@link LfsServer}; without a password everybody may read. */
export async function lfsServer(login?: { username: string; password: string }): Promise<LfsServer> {
  const expected = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const server = createServer(async (request, response) => {
    const { method, url: path = '', headers } = request;
    state.requests.push({ path, authorization: headers.authorization });
    if (expected && headers.authorization !== expected) {
      response.writeHead(401).end('{}');
      return;
    }
    const [, digest = ''] = /^\/storage\/([0-9a-f]{64})$/.exec(path) ?? [];
    if (method === 'GET') {
      const content = state.objects.get(digest);
      response.writeHead(content ? 200 : 404).end(content);
      return;
    }
    const asked = JSON.parse(await text(request)) as { objects: { oid: string; size: number }[] };
    const answer = asked.objects.map(({ oid, size }) => {
      const download = { href: `${state.storage ?? state.url}/storage/${oid}`, header: { 'x-lfs': 'yes' } };
      const error = { code: 404, message: 'Object does not exist' };
      return { oid, size, ...(state.objects.has(oid) || state.storage ? { actions: { download } } : { error }) };
    });
    response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
    response.end(JSON.stringify({ transfer: 'basic', objects: answer }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const state: LfsServer = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    objects: new Map(),
    requests: [],
    storage: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}
