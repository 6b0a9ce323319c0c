import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';

/** A chart archive. */
export async function chartArchive(name: string, version: string, files: Record<string, string> = {}): Promise<Buffer> {
  const pack = tar.pack();
  pack.entry({ name: `${name}/Chart.yaml` }, `apiVersion: v2\nname: ${name}\nversion: ${version}\n`);
  for (const [path, text] of Object.entries(files)) pack.entry({ name: `${name}/${path}` }, text);
  pack.finalize();
  return gzipSync(await buffer(pack));
}

/** A Helm repository over HTTP. */
export interface ChartServer extends AsyncDisposable {
  url: string;
  files: Map<string, Buffer>;
  /** `GET /index.yaml 200`, … */
  log: string[];
  requests: IncomingMessage[];
  /** Puts a chart into the index. */
  add(name: string, version: string, files?: Record<string, string>, base?: string): Promise<void>;
}

/** @param basic `user:password` that every request needs. */
export async function chartServer(basic?: string): Promise<ChartServer> {
  const files = new Map<string, Buffer>();
  const log: string[] = [];
  const requests: IncomingMessage[] = [];
  const entries: Record<string, object[]> = {};
  const expected = basic && `Basic ${Buffer.from(basic).toString('base64')}`;
  const server = createServer((request, response) => {
    requests.push(request);
    const body = files.get(request.url ?? '');
    const etag = body && `"${createHash('sha256').update(body).digest('hex')}"`;
    const denied = expected && request.headers.authorization !== expected;
    const status = denied ? 401 : !body ? 404 : request.headers['if-none-match'] === etag ? 304 : 200;
    log.push(`${request.method} ${request.url} ${status}`);
    response.writeHead(status, etag ? { etag } : {}).end(status === 200 ? body : undefined);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    files,
    log,
    requests,
    async add(name, version, content, base = url) {
      const archive = await chartArchive(name, version, content);
      files.set(`/${name}-${version}.tgz`, archive);
      const digest = createHash('sha256').update(archive).digest('hex');
      entries[name] = [...(entries[name] ?? []), { version, urls: [`${base}/${name}-${version}.tgz`], digest }];
      files.set('/index.yaml', Buffer.from(JSON.stringify({ apiVersion: 'v1', entries })));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
