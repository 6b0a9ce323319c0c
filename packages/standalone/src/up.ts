import { join } from 'node:path';
import { type ApiServer, serveApi } from '@plumbline/api-server';
import { type ApplicationController, runController } from '@plumbline/application-controller';
import { connect, createSecretMask, type KubeClient } from '@plumbline/cluster';
import { ensureDefaults, type Settings, watchSettings } from '@plumbline/settings';
import { createStore, type Store, sealKeyFrom } from '@plumbline/store';
import { createLogger, createMetrics, type Logger, type Metrics, serveMetrics } from '@plumbline/telemetry';
import { installCrds } from './install-crds.ts';
import { type LocalParts, startLocalParts } from './local-parts.ts';
import { type ResolvedUpOptions, resolveOptions, type UpOptions } from './options.ts';
import { type ReadyFile, writeReadyFile } from './ready-file.ts';
import { type RepoServerProcess, startRepoServer } from './repo-server-process.ts';
import { versionInfo } from './version.ts';

/** A running installation. */
export interface Installation {
  readonly ready: ReadyFile;
  /** For the installation's own needs (the demo). */
  readonly client: KubeClient;
  stop(): Promise<void>;
}

/**
 * Starts every service in this process, but for the repo-server, which has one of its own; Redis and the control plane
 * as far as they are not given. Resolves when all is ready and the ready file is written.
 */
export async function startInstallation(options: UpOptions, signal: AbortSignal): Promise<Installation> {
  const resolved = resolveOptions(options);
  const logger = createLogger({ service: 'plumb', file: join(resolved.dataDir, 'logs', 'plumb.log') });
  const local = await startLocalParts(resolved, signal);
  const stops: (() => Promise<void>)[] = [() => local.stop()];
  const stop = async () => {
    for (const end of stops.splice(0).reverse())
      await end().catch((error: unknown) => logger.warn('a part did not stop cleanly', { error }));
  };
  try {
    const installation = await startServices({ resolved, logger, local, stops });
    return { ...installation, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Start {
  resolved: ResolvedUpOptions;
  logger: Logger;
  local: LocalParts;
  /** How to stop what was started, in the order of starting. */
  stops: (() => Promise<void>)[];
}

async function startServices(start: Start): Promise<Omit<Installation, 'stop'>> {
  const { resolved, logger, local, stops } = start;
  const { namespace } = resolved;
  const metrics = createMetrics();
  const access = {
    kind: 'kubeconfig' as const,
    path: local.kubeconfig,
    ...(local.context ? { context: local.context } : {}),
  };
  const client = await connect(access, { logger, metrics });
  stops.push(() => client.close());
  await installCrds(client);
  const { adminPassword } = await ensureDefaults({ client, namespace });
  const settings = await watchSettings({ client, namespace, logger });
  stops.push(() => settings.close());
  const sealKey = sealKeyFrom(settings.secretKey());
  const store = await createStore({ redisUrl: local.redisUrl, sealKey, logger, metrics });
  stops.push(() => store.close());
  const shared: Shared = { client, settings, store, sealKey, metrics };
  const [repoServer, controller, api] = await Promise.all([
    launchRepoServer(start),
    launchController(start, shared),
    launchApi(start, shared),
  ]);
  stops.push(
    () => repoServer.stop(),
    () => controller.close(),
    () => api.close(),
  );
  const metricsServer = await serveMetrics(metrics);
  stops.push(() => metricsServer.close());
  const ready: ReadyFile = {
    url: api.url,
    kubeconfig: local.kubeconfig,
    namespace,
    adminPassword: adminPassword ?? '',
    redisUrl: local.redisUrl,
    metricsUrls: {
      'application-controller': metricsServer.url,
      'api-server': metricsServer.url,
      'repo-server': repoServer.metricsUrl,
    },
    pids: { engine: [process.pid, repoServer.pid, ...local.pids.redis], controlPlane: [...local.pids.controlPlane] },
  };
  if (resolved.readyFile) await writeReadyFile(resolved.readyFile, ready);
  return { ready, client };
}

interface Shared {
  client: KubeClient;
  settings: Settings;
  store: Store;
  sealKey: Buffer;
  metrics: Metrics;
}

function launchRepoServer({ resolved, logger, local }: Start): Promise<RepoServerProcess> {
  return startRepoServer({
    guardian: local.guardian,
    logger,
    env: {
      PLUMB_KUBECONFIG: local.kubeconfig,
      ...(local.context ? { PLUMB_CONTEXT: local.context } : {}),
      PLUMB_NAMESPACE: resolved.namespace,
      PLUMB_REDIS_URL: local.redisUrl,
      PLUMB_DATA_DIR: join(resolved.dataDir, 'repo-server'),
      PLUMB_KUSTOMIZE: local.tools.kustomize,
      PLUMB_HELM: local.tools.helm,
      PLUMB_JSONNET: local.tools.jsonnet,
      PLUMB_LOG_FILE: join(resolved.dataDir, 'logs', 'repo-server.log'),
    },
  });
}

function launchController({ resolved, logger }: Start, shared: Shared): Promise<ApplicationController> {
  return runController({
    ...shared,
    namespace: resolved.namespace,
    mask: createSecretMask(shared.sealKey),
    logger: logger.child({ component: 'application-controller' }),
  });
}

function launchApi({ resolved, logger }: Start, shared: Shared): Promise<ApiServer> {
  const { client, settings, store, metrics } = shared;
  return serveApi(
    {
      client,
      namespace: resolved.namespace,
      store,
      metrics,
      accounts: settings,
      resolveDestination: (destination) => settings.resolveDestination(destination),
      settings: () => ({ url: settings.current().url ?? '', appLabelKey: settings.current().instanceLabelKey }),
      version: versionInfo(),
      logger: logger.child({ component: 'api-server' }),
    },
    { host: '127.0.0.1', port: resolved.port },
  );
}

/** `plumb up`: runs until SIGINT or SIGTERM, then stops everything in order. */
export async function up(options: UpOptions): Promise<void> {
  const { say } = resolveOptions(options);
  const ended = untilSignal();
  const installation = await startInstallation(options, ended.signal);
  const { url, adminPassword, kubeconfig } = installation.ready;
  say(`Plumbline is ready at ${url}`);
  say(`  log in      plumb login ${url} --username admin${adminPassword ? ` --password ${adminPassword}` : ''}`);
  say(`  kubectl     kubectl --kubeconfig ${kubeconfig} get applications -A`);
  await ended.promise;
  say('stopping');
  await installation.stop();
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignal(): { signal: AbortSignal; promise: Promise<void> } {
  const abort = new AbortController();
  const promise = new Promise<void>((resolve) => {
    const end = () => {
      if (abort.signal.aborted) process.exit(130);
      abort.abort();
      resolve();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });
  return { signal: abort.signal, promise };
}
