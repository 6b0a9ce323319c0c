import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { labels } from '@plumbline/apis';
import { manifestSetKey, type RenderQueueRequest, type ResolveResult, unpackManifestSet } from '@plumbline/render';
import { configMap, eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

const run = promisify(execFile);
const basic = `Basic ${Buffer.from('reader:canary-word').toString('base64')}`;

let rig: Rig;
let folder: string;
let server: Server;
let host: string;
const served = new Map<string, Buffer>();

/** A tar archive, gzipped, of files. */
async function archiveOf(files: Readonly<Record<string, object>>): Promise<Buffer> {
  const root = await mkdtemp(join(folder, 'archive-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), JSON.stringify(content));
  }
  await run('tar', ['-czf', join(folder, 'a.tgz'), '-C', root, '.']);
  return readFile(join(folder, 'a.tgz'));
}

/** Puts an artifact into the registry, and gives the digest of its manifest. */
function publish(name: string, tag: string, content: Buffer): string {
  const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: sha256(content) };
  const annotations = { 'org.opencontainers.image.authors': 'Ada' };
  const manifest = Buffer.from(JSON.stringify({ config: { mediaType: 'x' }, layers: [layer], annotations }));
  served.set(`/v2/${name}/blobs/${layer.digest}`, content);
  for (const reference of [tag, sha256(manifest)]) served.set(`/v2/${name}/manifests/${reference}`, manifest);
  served.set(`/v2/${name}/tags/list?n=1000`, Buffer.from(JSON.stringify({ tags: [tag] })));
  return sha256(manifest);
}

const secret = (name: string, stringData: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: rig.namespace, labels: { [labels.secretType]: 'repo-creds' } },
  stringData: { username: 'reader', password: 'canary-word', ...stringData },
});

async function namesOf(repoURL: string, source: { chart?: string; path?: string }, revision: string) {
  const { receipt } = await rig.render({ repoURL, targetRevision: revision, ...source }, { revision });
  const packed = await rig.store.sealed.get(manifestSetKey(receipt.digest));
  return packed && unpackManifestSet(packed).objects.map(({ metadata }) => metadata.name);
}

beforeAll(async () => {
  rig = await createRig();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-repo-server-charts-'));
  server = createServer((request, response) => {
    const body = request.headers.authorization === basic ? served.get(request.url ?? '') : undefined;
    response.writeHead(body ? 200 : request.headers.authorization ? 404 : 401).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await rig.client.create(secret('charts', { type: 'helm', url: `http://${host}` }));
  await rig.client.create(secret('artifacts', { type: 'oci', url: `oci://${host}`, insecureOCIForceHttp: 'true' }));
  await rig.startServer();
}, 600_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

it('renders a chart of a Helm repository and tells what it says of itself', async () => {
  const meta = { apiVersion: 'v2', name: 'thing', version: '1.2.0', description: 'A thing' };
  const chart = await archiveOf({ 'thing/Chart.yaml': meta, 'thing/templates/a.yaml': configMap('from-chart') });
  const entries = { thing: [{ version: '1.2.0', urls: ['thing.tgz'] }] };
  served.set('/charts/index.yaml', Buffer.from(JSON.stringify({ apiVersion: 'v1', entries })));
  served.set('/charts/thing.tgz', chart);
  const place = { repoURL: `http://${host}/charts`, chart: 'thing', project: 'default' };
  const { revision } = (await rig.call({ kind: 'resolve', ...place, targetRevision: '1.*' })) as ResolveResult;
  expect(await namesOf(place.repoURL, { chart: 'thing' }, revision)).toEqual(['from-chart']);
  const details = await rig.call({ kind: 'chart-details', ...place, revision });
  expect(details).toEqual({ description: 'A thing', home: '', maintainers: [] });
});

it('renders an artifact of a registry by its digest and tells what its publisher says', async () => {
  const digest = publish('team/app', '1.0.0', await archiveOf({ 'a/x.yaml': configMap('from-artifact') }));
  const place = { repoURL: `oci://${host}/team/app`, project: 'default' };
  const resolved = await rig.call({ kind: 'resolve', ...place, targetRevision: '^1' });
  expect(resolved).toEqual({ revision: digest });
  expect(await namesOf(place.repoURL, { path: 'a' }, digest)).toEqual(['from-artifact']);
  expect(await rig.call({ kind: 'artifact-metadata', ...place, revision: digest })).toEqual({ authors: 'Ada' });
});

it('takes limits from argocd-cmd-params-cm as they change', async () => {
  const digest = publish(
    'team/large',
    '1.0.0',
    await archiveOf({ 'a.yaml': configMap('large', { a: 'x'.repeat(9_000) }) }),
  );
  const limit = async (size: string) =>
    rig.client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: rig.namespace, name: 'argocd-cmd-params-cm' },
      { data: { 'reposerver.oci.manifest.max.extracted.size': size } },
      { type: 'merge' },
    );
  const source = { repoURL: `oci://${host}/team/large`, path: '.', targetRevision: digest };
  const request: RenderQueueRequest = { kind: 'chart-details', ...source, project: 'default', revision: digest };
  await limit('5k');
  await eventually(
    () =>
      rig.call(request).then(
        () => false,
        (error: Error) => /more than 5000 bytes/.test(error.message),
      ),
    {
      what: 'the limit to hold',
    },
  );
  await limit('1M');
  await eventually(async () => (await namesOf(source.repoURL, { path: '.' }, digest))?.includes('large'), {
    what: 'the limit to be gone',
  });
});
