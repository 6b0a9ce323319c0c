import { randomBytes } from 'node:crypto';
import { type Application, applicationApiVersion } from '@plumbline/apis';
import { connect, type KubeClient } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { type KubeObject, stringifyJson } from '@plumbline/manifests';
import {
  type ApiClient,
  createApiClient,
  type InspectRequest,
  type InspectResult,
  type ResourceNode,
} from '@plumbline/protocol';
import { ensureDefaults, watchSettings } from '@plumbline/settings';
import { createStore, type Store } from '@plumbline/store';
import { createMetrics, type Metrics, silentLogger } from '@plumbline/telemetry';
import { application, sharedControlPlane, sharedRedis, testNamespace } from '@plumbline/testing';
import { type ApiServer, serveApi } from '../server.ts';

export const password = 'correct-horse-1';

type Change = Partial<Parameters<typeof application>[0]>;

/** An API server over a real control plane and Redis, in a namespace of its own, with an administrator logged in. */
export interface ApiFixture {
  namespace: string;
  kube: KubeClient;
  server: ApiServer;
  metrics: Metrics;
  token: string;
  store: Store;
  /** The administrator's client. */
  api: ApiClient;
  /** What the other end of the queue `inspect` answers (`nodes`: more of a tree), and how often it was asked. */
  inspected: { treeVersion: string; asked: number; nodes: ResourceNode[] };
  /** A new Application, not stored. */
  body(change?: Change): Application;
  /** A new Application, stored over the API. */
  created(change?: Change): Promise<{ name: string; app: Application; params: { name: string } }>;
  stored(name: string): Promise<KubeObject>;
  /** Merge-patches the custom resource. */
  patch(name: string, change: unknown): Promise<KubeObject>;
  /** A request without a token. */
  raw(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

const tree = (resourceVersion: string, more: readonly ResourceNode[]) => ({
  nodes: [
    { version: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'a', uid: '1', resourceVersion },
    { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'n', name: 'web', uid: '2', resourceVersion: '1' },
    ...more,
  ],
  orphanedNodes: [],
  hosts: [],
  shardsCount: 1,
});

/** Answers the queue `inspect` as an application-controller does. */
function answerInspection(store: Store, inspected: ApiFixture['inspected']) {
  return store.worker<InspectRequest, InspectResult>(
    'inspect',
    async (request) => {
      if (request.kind === 'validate' && request.spec.source?.path === 'nowhere') {
        throw new PlumblineError('RENDER_PATH_NOT_FOUND', 'nowhere: app path does not exist');
      }
      if (request.kind === 'validate' && request.spec.source?.path === 'unreachable') {
        throw new PlumblineError('GIT_UNREACHABLE', 'the host does not answer', { retry: 'transient' });
      }
      if (request.kind !== 'validate') inspected.asked += 1;
      if (request.kind === 'manifests' && request.revision === 'nope') {
        throw new PlumblineError('GIT_REVISION_NOT_FOUND', 'revision nope is not in the repository', {
          hint: 'push it',
        });
      }
      const handed = request.kind === 'server-side-diff' && request.manifests;
      const manifests = handed ? JSON.parse(String(await store.sealed.get(handed))) : [];
      const payload = {
        'server-side-diff': { items: manifests.map((name: string) => ({ kind: 'ConfigMap', name, modified: true })) },
        tree: tree(inspected.treeVersion, inspected.nodes),
        'managed-resources': { items: [{ group: '', kind: 'ConfigMap', namespace: 'n', name: 'a', modified: true }] },
        manifests: { manifests: ['{}'], revision: 'sha', namespace: 'n', server: 's', sourceType: 'Directory' },
        validate: {},
        plan: { hash: '00', revisions: ['sha'], phases: [], invalid: [], holds: [] },
        health: [],
      }[request.kind];
      const key = `inspect:${request.kind}:${randomBytes(4).toString('hex')}`;
      await store.sealed.set(key, Buffer.from(stringifyJson(payload)), 60);
      return { key };
    },
    { concurrency: 4 },
  );
}

/** Starts an {@link ApiFixture}. Give the hook some minutes: tools may have to be built. */
export async function apiFixture(): Promise<ApiFixture> {
  const closers: (() => Promise<unknown>)[] = [];
  const { kubeconfig } = await sharedControlPlane();
  const kube = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
  closers.push(() => kube.close());
  const own = await testNamespace(kube, 'api');
  const namespace = own.name;
  closers.push(async () => own[Symbol.asyncDispose]());
  await ensureDefaults({ client: kube, namespace, adminPassword: password });
  const settings = await watchSettings({ client: kube, namespace, logger: silentLogger });
  closers.push(() => settings.close());
  const seal = { sealKey: randomBytes(32), prefix: namespace };
  const store = await createStore({ redisUrl: await sharedRedis(), logger: silentLogger, ...seal });
  closers.push(() => store.close());
  const inspected = { treeVersion: '1', asked: 0, nodes: [] as ResourceNode[] };
  const worker = answerInspection(store, inspected);
  closers.push(() => worker.close());
  const metrics = createMetrics({ processMetrics: false });
  const parts = {
    client: kube,
    namespace,
    store,
    accounts: settings,
    resolveDestination: settings.resolveDestination.bind(settings),
    sensitiveAnnotations: () => settings.current().sensitiveAnnotations,
    actionRules: () => settings.current().actionRules,
    declared: settings,
    settings: () => {
      const { url = '', instanceLabelKey, trackingMethod } = settings.current();
      return { url, appLabelKey: instanceLabelKey, trackingMethod };
    },
    version: { Version: 'v1.2.3', Platform: 'test' },
    logger: silentLogger,
    metrics,
  };
  const server = await serveApi(parts, { host: '127.0.0.1', port: 0 });
  closers.push(() => server.close());
  const { token } = await createApiClient({ url: server.url }).call('login', { body: { username: 'admin', password } });
  const api = createApiClient({ url: server.url, token });
  const close = async (): Promise<void> => {
    for (const end of closers.reverse()) await end();
  };
  return {
    namespace,
    kube,
    server,
    metrics,
    token,
    store,
    api,
    inspected,
    close,
    ...applicationHelpers(kube, api, { namespace, url: server.url }),
  };
}

function applicationHelpers(kube: KubeClient, api: ApiClient, { namespace, url }: { namespace: string; url: string }) {
  let count = 0;
  const ref = (name: string) => ({ apiVersion: applicationApiVersion, kind: 'Application', namespace, name });
  const body = (change: Change = {}): Application => {
    count += 1;
    const options = {
      name: `app-${count}`,
      namespace,
      repoURL: `https://git.example/r${count}`,
      destinationNamespace: 'n',
    };
    return application({ ...options, ...change });
  };
  return {
    body,
    created: async (change: Change = {}) => {
      const app = await api.call('createApplication', { body: body(change) });
      return { name: app.metadata.name, app, params: { name: app.metadata.name } };
    },
    stored: (name: string) => kube.get(ref(name)),
    patch: (name: string, change: unknown) => kube.patch(ref(name), change, { type: 'merge' }),
    raw: (path: string, init: RequestInit = {}) => fetch(url + path, init),
  };
}
