import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@plumbline/testing';
import { request } from 'undici';
import { chartArchive } from './chart-server.ts';

const run = promisify(execFile);

/** A registry, Debian's docker-registry, on loopback. */
export interface Registry extends AsyncDisposable {
  host: string;
  /** Gives the digest of the manifest. */
  pushChart(path: string, name: string, version: string, files?: Record<string, string>): Promise<string>;
  /** Gives the digest of the manifest. @param name with path, `team/thing`. */
  push(name: string, tag: string, artifact: Artifact): Promise<string>;
}

/** What is pushed. */
export interface Artifact {
  layers: readonly { mediaType: string; content: Buffer }[];
  config?: { mediaType: string; content: Buffer };
  annotations?: Readonly<Record<string, string>>;
}

const emptyConfig = { mediaType: 'application/vnd.oci.empty.v1+json', content: Buffer.from('{}') };
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
/** Of a folder, as `oras push` packs it. */
export const folderLayer = 'application/vnd.oci.image.layer.v1.tar+gzip';
export const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

function sha256(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Missing programs are installed from Debian's packages, which needs root. */
async function ensurePrograms(): Promise<void> {
  const has = (program: string) =>
    run('which', [program]).then(
      () => true,
      () => false,
    );
  if ((await has('docker-registry')) && (await has('htpasswd'))) return;
  await run('apt-get', ['update', '-q']);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'docker-registry', 'apache2-utils'], { env });
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}

/** @param user with a password who alone may read and write. */
export async function startRegistry(user: { username: string; password: string }): Promise<Registry> {
  await ensurePrograms();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const { stdout } = await run('htpasswd', ['-Bbn', user.username, user.password]);
  await writeFile(join(folder, 'htpasswd'), stdout);
  const config = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
    http: { addr: host },
    auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } },
  };
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  const authorization = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, body?: Buffer, type = 'application/octet-stream') => {
    const options = body ? { body } : {};
    const answer = await request(url, { method, headers: { authorization, 'content-type': type }, ...options });
    await answer.body.dump();
    if (answer.statusCode >= 400) throw new Error(`${method} ${url} answered ${answer.statusCode}`);
    return answer;
  };
  await eventually(() => ask('GET', `http://${host}/v2/`), { timeoutMs: 10_000, what: 'the registry' });

  const pushBlob = async (name: string, { mediaType, content }: Artifact['layers'][number]) => {
    const digest = sha256(content);
    const { headers } = await ask('POST', `http://${host}/v2/${name}/blobs/uploads/`);
    const place = new URL(String(headers['location']), `http://${host}`);
    place.searchParams.set('digest', digest);
    await ask('PUT', place.href, content);
    return { mediaType, digest, size: content.length };
  };

  const push: Registry['push'] = async (name, tag, { layers, config = emptyConfig, annotations = {} }) => {
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: await pushBlob(name, config),
        layers: await Promise.all(layers.map((layer) => pushBlob(name, layer))),
        annotations,
      }),
    );
    await ask('PUT', `http://${host}/v2/${name}/manifests/${tag}`, manifest, manifestType);
    return sha256(manifest);
  };

  return {
    host,
    push,
    async pushChart(path, name, version, files) {
      const meta = Buffer.from(JSON.stringify({ name, version, apiVersion: 'v2' }));
      return push(`${path}/${name}`, version.replaceAll('+', '_'), {
        config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', content: meta },
        layers: [{ mediaType: chartLayer, content: await chartArchive(name, version, files) }],
      });
    },
    async [Symbol.asyncDispose]() {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
