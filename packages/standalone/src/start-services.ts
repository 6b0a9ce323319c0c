import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApiServer, serveApi } from '@plumbline/api-server';
import { type ApplicationController, runController } from '@plumbline/application-controller';
import { createSecretMask, type KubeClient } from '@plumbline/cluster';
import {
  ensureDefaults,
  type Settings,
  shareApplicationWatch,
  type WatchApplications,
  watchSettings,
} from '@plumbline/settings';
import { createStore, type Store, sealKeyFrom } from '@plumbline/store';
import {
  createTracing,
  type Logger,
  type Metrics,
  otlpSettings,
  serveMetrics,
  type Tracing,
} from '@plumbline/telemetry';
import { installCrds } from './install-crds.ts';
import type { LocalParts } from './local-parts.ts';
import type { ResolvedUpOptions } from './options.ts';
import { publishRedis } from './publish-redis.ts';
import type { ReadyFile } from './ready-file.ts';
import { type RepoServerProcess, startRepoServer } from './repo-server-process.ts';
import { unlessAborted } from './unless-aborted.ts';
import { versionInfo } from './version.ts';

/** What the services are started on. */
interface ServiceContext {
  resolved: ResolvedUpOptions;
  logger: Logger;
  metrics: Metrics;
  local: LocalParts;
  client: KubeClient;
  /** Breaks off the start. */
  signal: AbortSignal;
  /** Takes in how to stop what was started; the last one is stopped first. */
  onStop(stop: () => Promise<void>): void;
  /** The repo-server or Redis runs as another process now. */
  onChange(): void;
}

interface Shared {
  client: KubeClient;
  settings: Settings;
  watchApplications: WatchApplications;
  store: Store;
  sealKey: Buffer;
  metrics: Metrics;
  tracing: Tracing;
}

/**
 * Starts every service: all in this process, but for the repo-server. Answers what the ready file says, as it is at the
 * time of the call. Where one service fails, the others are broken off.
 */
export async function startServices(context: ServiceContext): Promise<() => ReadyFile> {
  const { client, resolved, logger, metrics, local, signal, onStop } = context;
  const { namespace } = resolved;
  await unlessAborted(installCrds(client), signal);
  const { adminPassword } = await unlessAborted(ensureDefaults({ client, namespace }), signal);
  const settings = await unlessAborted(watchSettings({ client, namespace, logger }), signal, (late) => late.close());
  onStop(() => settings.close());
  const sealKey = sealKeyFrom(settings.secretKey());
  const tracing = await createTracing('plumbline', otlpSettings(settings.current().traces, process.env));
  onStop(() => tracing.close());
  const connecting = createStore({ redisUrl: local.redisUrl, sealKey, logger, metrics, tracing });
  const store = await unlessAborted(connecting, signal, (late) => late.close());
  onStop(() => store.close());
  await unlessAborted(publishRedis(client, { namespace, url: local.redisUrl }), signal);
  const watching = new AbortController();
  onStop(async () => watching.abort());
  const watchApplications = shareApplicationWatch({ client, namespace, settings, signal: watching.signal });
  const shared = { client, settings, watchApplications, store, sealKey, metrics, tracing };
  const { repoServer, api } = await launchAll(context, shared);
  local.onRedisRestart(context.onChange);
  const metricsServer = await serveMetrics(metrics);
  onStop(() => metricsServer.close());
  return () => ({
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
    pids: {
      engine: [process.pid, repoServer.pid, ...local.pids().redis],
      controlPlane: [...local.pids().controlPlane],
    },
  });
}

/** Starts the three services side by side. */
async function launchAll(
  context: ServiceContext,
  shared: Shared,
): Promise<{ repoServer: RepoServerProcess; api: ApiServer }> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const launch = async <T>(start: Promise<T>, stop: (part: T) => Promise<void>): Promise<T> => {
    const part = await unlessAborted(start, signal, stop);
    context.onStop(() => stop(part));
    return part;
  };
  const parts = [
    launch(launchRepoServer(context, signal), (repoServer) => repoServer.stop()),
    launch(launchController(context, shared), (controller) => controller.close()),
    launch(launchApi(context, shared, signal), (api) => api.close()),
  ] as const;
  try {
    const [repoServer, , api] = await Promise.all(parts);
    return { repoServer, api };
  } catch (error) {
    failed.abort();
    await Promise.allSettled(parts);
    throw error;
  }
}

async function launchRepoServer(
  { resolved, logger, local, onChange }: ServiceContext,
  signal: AbortSignal,
): Promise<RepoServerProcess> {
  const dataFolder = join(resolved.dataDir, 'repo-server');
  // What plugins run sees the environment of processes of the same user; this folder is hidden from them.
  const redisUrlFile = join(dataFolder, 'redis-url');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await rm(redisUrlFile, { force: true });
  await writeFile(redisUrlFile, local.redisUrl, { mode: 0o600 });
  return startRepoServer({
    guardian: local.guardian,
    logger,
    signal,
    onReplaced: onChange,
    env: {
      PLUMB_KUBECONFIG: local.kubeconfig,
      ...(local.context ? { PLUMB_CONTEXT: local.context } : {}),
      PLUMB_NAMESPACE: resolved.namespace,
      PLUMB_REDIS_URL_FILE: redisUrlFile,
      PLUMB_DATA_DIR: dataFolder,
      PLUMB_KUSTOMIZE: local.tools.kustomize,
      PLUMB_HELM: local.tools.helm,
      PLUMB_JSONNET: local.tools.jsonnet,
      PLUMB_LOG_FILE: join(resolved.dataDir, 'logs', 'repo-server.log'),
    },
  });
}

function launchController({ resolved, logger }: ServiceContext, shared: Shared): Promise<ApplicationController> {
  return runController({
    ...shared,
    namespace: resolved.namespace,
    mask: createSecretMask(shared.sealKey),
    logger: logger.child({ component: 'application-controller' }),
  });
}

async function launchApi(
  { resolved, logger, local }: ServiceContext,
  shared: Shared,
  signal: AbortSignal,
): Promise<ApiServer> {
  const { client, settings, watchApplications, store, metrics, tracing } = shared;
  const version = await versionInfo(local.tools);
  return serveApi(
    {
      client,
      namespace: resolved.namespace,
      store,
      metrics,
      tracing,
      accounts: settings,
      watchApplications,
      resolveDestination: (destination) => settings.resolveDestination(destination),
      sensitiveAnnotations: () => settings.current().sensitiveAnnotations,
      actionRules: () => settings.current().actionRules,
      declared: settings,
      settings: () => {
        const { url = '', instanceLabelKey, trackingMethod } = settings.current();
        return { url, appLabelKey: instanceLabelKey, trackingMethod };
      },
      version,
      logger: logger.child({ component: 'api-server' }),
    },
    { host: '127.0.0.1', port: resolved.port, signal },
  );
}
