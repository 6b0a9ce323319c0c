import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { labels } from '@plumbline/apis';
import {
  configMap,
  eventually,
  type GitHttpServer,
  type GitRepository,
  gitHttpServer,
  gitRepository,
} from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig, type RunningServer } from './test-support/rig.ts';

const run = promisify(execFile);
const planted = ['main', 'submodule', 'base', 'lfs-header', 'lfs-query', 'helm', 'oci'] as const;
type Canary = (typeof planted)[number];
const words = Object.fromEntries(planted.map((name) => [name, `canary-${name}-${randomBytes(8).toString('hex')}`]));
const word = (name: Canary) => words[name] ?? '';
const basic = (name: Canary) => `Basic ${Buffer.from(`user:${word(name)}`).toString('base64')}`;
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

let rig: Rig;
let server: RunningServer;
let folder: string;
let vault: Server;
let host: string;
let echoes = false;
const served = new Map<string, { authorization?: string; content: Buffer | string }>();
const gitServers: GitHttpServer[] = [];

/** What a hostile or talkative server answers: all that it was sent. */
const echo = ({ url, headers }: IncomingMessage) => JSON.stringify({ message: 'refused', url, headers });

function startVault(): Promise<Server> {
  const started = createServer((request, response) => {
    const found = served.get(request.url ?? '');
    const isAllowed = found?.authorization === undefined || found.authorization === request.headers.authorization;
    if (echoes && found && isAllowed) response.writeHead(403, { 'www-authenticate': 'none' }).end(echo(request));
    else if (found && isAllowed) response.writeHead(200).end(found.content);
    else if (found) response.writeHead(401, { 'www-authenticate': 'Basic realm="vault"' }).end(echo(request));
    else response.writeHead(404).end(echo(request));
  });
  return new Promise((listening) => started.listen(0, '127.0.0.1', () => listening(started)));
}

async function chartArchive(name: string): Promise<Buffer> {
  const root = await mkdtemp(join(folder, 'chart-'));
  const files = { 'Chart.yaml': { apiVersion: 'v2', name, version: '1.0.0' }, 'templates/a.yaml': configMap(name) };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name, path)), { recursive: true });
    await writeFile(join(root, name, path), JSON.stringify(content));
  }
  await run('tar', ['-czf', join(root, 'a.tgz'), '-C', root, name]);
  return readFile(join(root, 'a.tgz'));
}

async function serveCharts(): Promise<void> {
  const entries = { 'by-http': [{ name: 'by-http', version: '1.0.0', urls: ['by-http.tgz'] }] };
  const authorization = basic('helm');
  served.set('/charts/index.yaml', { authorization, content: JSON.stringify({ apiVersion: 'v1', entries }) });
  served.set('/charts/by-http.tgz', { authorization, content: await chartArchive('by-http') });
  const archive = await chartArchive('by-oci');
  const layer = {
    mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    digest: `sha256:${sha256(archive)}`,
    size: archive.length,
  };
  const config = { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: `sha256:${sha256('{}')}`, size: 2 };
  const manifest = JSON.stringify({ schemaVersion: 2, config, layers: [layer] });
  const content: [string, Buffer | string][] = [
    [`blobs/${layer.digest}`, archive],
    ['tags/list?n=1000', JSON.stringify({ tags: ['1.0.0'] })],
    ['manifests/1.0.0', manifest],
    [`manifests/sha256:${sha256(manifest)}`, manifest],
  ];
  for (const [path, text] of content) {
    served.set(`/v2/team/by-oci/${path}`, { authorization: basic('oci'), content: text });
  }
}

const large = 'a large file\n';

function serveLargeFile(): void {
  const href = `http://${host}/lfs/file?sig=${word('lfs-query')}`;
  const download = { href, header: { Authorization: `Bearer ${word('lfs-header')}` } };
  const objects = [{ oid: sha256(large), size: large.length, actions: { download } }];
  served.set('/lfs/objects/batch', { content: JSON.stringify({ transfer: 'basic', objects }) });
  const authorization = `Bearer ${word('lfs-header')}`;
  served.set(`/lfs/file?sig=${word('lfs-query')}`, { authorization, content: large });
}

async function serveGit(repository: { folder: string }, name: Canary): Promise<string> {
  const started = await gitHttpServer({ folder: repository.folder, username: 'user', password: word(name) });
  gitServers.push(started);
  return started.repositoryUrl(repository);
}

async function secret(name: string, stringData: Record<string, string>, password: Canary): Promise<void> {
  const metadata = { name, namespace: rig.namespace, labels: { [labels.secretType]: 'repository' } };
  const login = { username: 'user', password: word(password) };
  await rig.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { ...login, ...stringData } });
}

beforeAll(async () => {
  rig = await createRig();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-canaries-'));
  vault = await startVault();
  host = `127.0.0.1:${(vault.address() as AddressInfo).port}`;
  await serveCharts();
  serveLargeFile();
  const env = { PLUMB_LOG_LEVEL: 'debug', PLUMB_LOG_FILE: join(folder, 'log'), PLUMB_DATA_DIR: join(folder, 'data') };
  server = await rig.startServer(env);
}, 600_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await Promise.all(gitServers.map((started) => started.close()));
  vault?.closeAllConnections();
  vault?.close();
  await rm(folder, { recursive: true, force: true });
});

async function redis(...args: string[]): Promise<string> {
  const { hostname, port, password } = new URL(rig.redisUrl);
  const env = { PATH: process.env['PATH'] ?? '', REDISCLI_AUTH: decodeURIComponent(password) };
  return (await run('redis-cli', ['-h', hostname, '-p', port, ...args], { encoding: 'latin1', env })).stdout;
}

async function everythingAtRest(): Promise<[string, string][]> {
  const found: [string, string][] = [['log', await readFile(join(folder, 'log'), 'utf8')]];
  found.push(['metrics', await (await fetch(server.metricsUrl)).text()]);
  for (const key of (await redis('--scan', '--pattern', `${rig.prefix}*`)).split('\n').filter(Boolean)) {
    found.push([`Redis ${key}`, `${key} ${await redis('DUMP', key)}`]);
  }
  for (const entry of await readdir(join(folder, 'data'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    // What git itself reads them from is for this user alone.
    const isAccess = /\/access-[^/]*$/.test(entry.parentPath);
    if (isAccess)
      expect([(await stat(path)).mode & 0o077, (await stat(entry.parentPath)).mode & 0o077]).toEqual([0, 0]);
    else found.push([path, `${path} ${await readFile(path, 'latin1').catch(() => '')}`]);
  }
  return found;
}

/** Processes with their environments, as long as something runs. */
async function watchingProcesses<T>(action: () => Promise<T>, seen: [string, string][]): Promise<T> {
  let watching = true;
  const listing = (async () => {
    while (watching) {
      const { stdout } = await run('ps', ['axeww', '-o', 'pid,args'], { maxBuffer: 1 << 26 });
      seen.push(['processes', stdout]);
    }
  })();
  try {
    return await action();
  } finally {
    watching = false;
    await listing;
  }
}

/** Commits all that is written, and the head of another repository as the submodule `libs/sub`. */
async function commitWithSubmodule(sub: GitRepository, url: string): Promise<void> {
  const { git } = rig.repository;
  await git('config', '-f', '.gitmodules', 'submodule.sub.path', 'libs/sub');
  await git('config', '-f', '.gitmodules', 'submodule.sub.url', url);
  await rig.repository.commit();
  await git('update-index', '--add', '--cacheinfo', `160000,${await sub.head()},libs/sub`);
  await git('commit', '-q', '-m', 'submodule');
}

it('shows the credentials of submodules, bases, LFS and dependencies nowhere', async () => {
  await using sub = await gitRepository();
  await using base = await gitRepository();
  await sub.write('app/a.yaml', configMap('from-submodule')).commit();
  await base
    .write('app/a.yaml', configMap('from-base'))
    .write('app/kustomization.yaml', { resources: ['a.yaml'] })
    .commit();
  const [mainUrl, subUrl, baseUrl] = await Promise.all([
    serveGit(rig.repository, 'main'),
    serveGit(sub, 'submodule'),
    serveGit(base, 'base'),
  ]);
  await secret('main', { type: 'git', url: mainUrl, enableLfs: 'true' }, 'main');
  await secret('sub', { type: 'git', url: subUrl }, 'submodule');
  await secret('base', { type: 'git', url: baseUrl }, 'base');
  await secret('helm', { type: 'helm', url: `http://${host}/charts` }, 'helm');
  await secret('oci', { type: 'helm', enableOCI: 'true', url: `${host}/team`, insecureOCIForceHttp: 'true' }, 'oci');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(large)}\nsize ${large.length}\n`;
  const chart = (name: string, repository: string) => ({
    ...{ apiVersion: 'v2', name, version: '1.0.0' },
    dependencies: [{ name: name === 'http' ? 'by-http' : 'by-oci', version: '1.0.0', repository }],
  });
  rig.repository
    .write('.lfsconfig', `[lfs]\n\turl = http://${host}/lfs\n`)
    .write('large/kustomization.yaml', { configMapGenerator: [{ name: 'a', files: ['data.txt'] }] })
    .write('large/data.txt', pointer)
    .write('based/kustomization.yaml', { resources: [`${baseUrl}//app?ref=main`] })
    .write('http/Chart.yaml', chart('http', `http://${host}/charts`))
    .write('oci/Chart.yaml', chart('oci', `oci://${host}/team`));
  await commitWithSubmodule(sub, subUrl);

  const seen: [string, string][] = [];
  const ask = async (path: string): Promise<string> => {
    const source = { repoURL: mainUrl, path, targetRevision: 'main' };
    const told = await rig.render(source, { noCache: true }).then(
      (result) => ['rendered', JSON.stringify(result)],
      (error: unknown) => ['failed', JSON.stringify([String(error), error, (error as Error).stack])],
    );
    seen.push([`answer for ${path}`, told[1] ?? '']);
    return told[0] === 'rendered' ? 'rendered' : (told[1] ?? '');
  };
  const paths = ['libs/sub/app', 'based', 'large', 'http', 'oci'];
  await watchingProcesses(async () => {
    for (const path of paths) {
      await eventually(async () => expect(await ask(path)).toBe('rendered'), { what: `a render of ${path}` });
    }
    echoes = true;
    for (const started of gitServers.slice(1)) started.failWith(403);
    // Other commits and versions, so that nothing is known of them.
    await sub.write('app/a.yaml', configMap('later')).commit();
    const other = 'another file of the same';
    rig.repository
      .write('large/data.txt', pointer.replace(sha256(large), sha256(other)))
      .write('based/kustomization.yaml', { resources: [`${baseUrl}//app?ref=other`] })
      .write(
        'http/Chart.yaml',
        JSON.stringify(chart('http', `http://${host}/charts`)).replace(
          '"version":"1.0.0","repo',
          '"version":"2.0.0","repo',
        ),
      )
      .write(
        'oci/Chart.yaml',
        JSON.stringify(chart('oci', `oci://${host}/team`)).replace(
          '"version":"1.0.0","repo',
          '"version":"2.0.0","repo',
        ),
      );
    await commitWithSubmodule(sub, subUrl);
    for (const path of paths) expect(await ask(path), path).not.toBe('rendered');
  }, seen);
  seen.push(...(await everythingAtRest()));
  const leaks = planted.flatMap((name) => {
    const forms = [word(name), Buffer.from(`user:${word(name)}`).toString('base64')];
    return seen.filter(([, text]) => forms.some((form) => text.includes(form))).map(([where]) => `${name} in ${where}`);
  });
  expect([...new Set(leaks)]).toEqual([]);
}, 180_000);
