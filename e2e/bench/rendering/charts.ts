import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { configMap, deployment } from '@plumbline/testing';

const run = promisify(execFile);

/** The objects of a small chart. A running engine must not know the content from the last time: `run` is part of it. */
export const chartFiles = (
  name: string,
  version: string,
  round: string,
): Record<string, Readonly<Record<string, unknown>>> => ({
  'Chart.yaml': { apiVersion: 'v2', name, version },
  'values.yaml': { replicas: 1, round },
  'templates/web.yaml': deployment('{{ .Release.Name }}-web', 'example/app:{{ .Values.round }}'),
  'templates/settings.yaml': configMap('{{ .Release.Name }}-settings', { round: '{{ .Values.round }}' }),
});

/** A Helm repository over HTTP that counts the downloads of charts. */
interface ChartServer extends AsyncDisposable {
  url: string;
  downloads(): number;
}

/** Packs charts with `helm package` and serves them beside their index. */
export async function serveCharts(helm: string, names: readonly string[], round: string): Promise<ChartServer> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-charts-'));
  const files = new Map<string, Buffer>();
  const entries: Record<string, object[]> = {};
  for (const name of names) {
    for (const [path, content] of Object.entries(chartFiles(name, '1.0.0', round))) {
      await mkdir(join(folder, name, 'templates'), { recursive: true });
      await writeFile(join(folder, name, path), JSON.stringify(content));
    }
    await run(helm, ['package', join(folder, name), '--destination', folder]);
    const archive = await readFile(join(folder, `${name}-1.0.0.tgz`));
    files.set(`/${name}-1.0.0.tgz`, archive);
    const digest = createHash('sha256').update(archive).digest('hex');
    entries[name] = [{ apiVersion: 'v2', name, version: '1.0.0', urls: [`${name}-1.0.0.tgz`], digest }];
  }
  files.set('/index.yaml', Buffer.from(JSON.stringify({ apiVersion: 'v1', entries })));
  await rm(folder, { recursive: true });
  return listen(files);
}

async function listen(files: ReadonlyMap<string, Buffer>): Promise<ChartServer> {
  let downloads = 0;
  const server = createServer(({ url = '' }, response) => {
    const body = files.get(url);
    if (body && url.endsWith('.tgz')) downloads += 1;
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    downloads: () => downloads,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
