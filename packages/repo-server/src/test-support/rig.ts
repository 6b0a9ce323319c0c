import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import { connect, type KubeClient } from '@plumbline/cluster';
import { ensureTools } from '@plumbline/embedded-cluster';
import type {
  RenderQueueRequest,
  RenderQueueResult,
  RenderRequest,
  RenderResult,
  ResolveResult,
} from '@plumbline/render';
import { ensureDefaults } from '@plumbline/settings';
import { createStore, type Store, sealKeyFrom } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository, sharedControlPlane, sharedRedis, testNamespace } from '@plumbline/testing';

export interface RunningServer {
  child: ChildProcess;
  metricsUrl: string;
  /** The code it ends with. */
  ended: Promise<number | null>;
}

/** A control plane, Redis, a repository, and repo-servers as processes. */
export interface Rig extends AsyncDisposable {
  client: KubeClient;
  namespace: string;
  repository: GitRepository;
  store: Store;
  sealKey: Buffer;
  /** Where Redis is, and what begins its keys. */
  redisUrl: string;
  prefix: string;
  /** @param env beside what every server gets. */
  startServer(env?: Record<string, string>): Promise<RunningServer>;
  call(request: RenderQueueRequest): Promise<RenderQueueResult>;
  /** Resolves the source's targetRevision and renders it. */
  render(
    source?: Partial<ApplicationSource>,
    more?: Partial<Omit<RenderRequest, 'kind' | 'source'>>,
  ): Promise<RenderResult>;
  /** Values of one metric by its labels as written. */
  metric(server: RunningServer, name: string): Promise<Record<string, number>>;
}

async function secretKey(client: KubeClient, namespace: string): Promise<string> {
  const { data } = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'argocd-secret' });
  return Buffer.from((data as Record<string, string>)['server.secretkey'] ?? '', 'base64').toString();
}

function launch(env: Record<string, string>): Promise<RunningServer> {
  const child = fork(join(import.meta.dirname, '../main.ts'), [], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return new Promise((resolve, reject) => {
    child.once('message', (message) =>
      resolve({ child, ended, metricsUrl: (message as { metricsUrl: string }).metricsUrl }),
    );
    ended.then((code) => reject(new Error(`the repo-server ended with ${code} before it was ready`)));
  });
}

export async function createRig(): Promise<Rig> {
  const { kubeconfig } = await sharedControlPlane();
  const redisUrl = await sharedRedis();
  const tools = await ensureTools({ names: ['kustomize', 'helm', 'jsonnet'] });
  const client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
  const namespace = await testNamespace(client, 'repo-server');
  await ensureDefaults({ client, namespace: namespace.name });
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-repo-server-'));
  const repository = await gitRepository();
  const sealKey = sealKeyFrom(await secretKey(client, namespace.name));
  const prefix = `test-${randomBytes(4).toString('hex')}`;
  const store = await createStore({ redisUrl, sealKey, logger: silentLogger, prefix });
  const queue = store.queue<RenderQueueRequest, RenderQueueResult>('render');
  const servers: RunningServer[] = [];
  const context: RenderRequest['context'] = {
    appName: 'a',
    project: 'default',
    namespace: 'n',
    kubeVersion: '1.36.1',
    apiVersions: ['v1'],
  };
  const call = (request: RenderQueueRequest) =>
    queue.call(`test-${randomBytes(8).toString('hex')}`, request, { timeoutMs: 60_000 });

  return {
    client,
    namespace: namespace.name,
    repository,
    store,
    sealKey,
    call,
    redisUrl,
    prefix,
    async startServer(env = {}) {
      const server = await launch({
        PLUMB_REDIS_URL: redisUrl,
        PLUMB_REDIS_PREFIX: prefix,
        PLUMB_KUBECONFIG: kubeconfig,
        PLUMB_NAMESPACE: namespace.name,
        PLUMB_DATA_DIR: join(folder, `server-${servers.length}`),
        PLUMB_KUSTOMIZE: tools.kustomize,
        PLUMB_HELM: tools.helm,
        PLUMB_JSONNET: tools.jsonnet,
        PLUMB_LOG_LEVEL: 'warn',
        ...env,
      });
      servers.push(server);
      return server;
    },
    async render(given, more) {
      const source: ApplicationSource = { repoURL: repository.url, path: '.', targetRevision: 'HEAD', ...given };
      const { repoURL, targetRevision = '' } = source;
      const resolve = { kind: 'resolve', repoURL, project: 'default', targetRevision } as const;
      const revision = more?.revision ?? ((await call(resolve)) as ResolveResult).revision;
      return (await call({ kind: 'render', source, context, ...more, revision })) as RenderResult;
    },
    async metric({ metricsUrl }, name) {
      const text = await (await fetch(metricsUrl)).text();
      const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
      return Object.fromEntries(
        lines.map((line) => [
          line.slice(line.indexOf('{') + 1, line.lastIndexOf('}')),
          Number(line.slice(line.lastIndexOf(' '))),
        ]),
      );
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of servers) child.kill('SIGTERM');
      await Promise.all(servers.map(({ ended }) => ended));
      await store.close();
      await namespace[Symbol.asyncDispose]();
      await client.close();
      await repository[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
