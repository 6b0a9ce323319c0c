import { connect } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import { createGitBackend, createMirrors } from '@plumbline/git';
import { createChartSources, createRenderer, type RenderQueueRequest, type RenderQueueResult } from '@plumbline/render';
import { type Settings, watchSettings } from '@plumbline/settings';
import { createStore, sealKeyFrom } from '@plumbline/store';
import { createLogger, createMetrics, type Logger, serveMetrics } from '@plumbline/telemetry';
import { chartsFolder, hiddenFromPlugins, mirrorsFolder, type RepoServerConfig, workFolder } from './config.ts';
import { createRenderMetrics } from './render-metrics.ts';
import { createRenderService } from './render-service.ts';

/** Work items taken at one time. Most only look at a remote or at the cache; renders wait for a free core among themselves. */
const concurrency = 256;

export interface RepoServer {
  metricsUrl: string;
  /** Unfinished work items go back to the queue. */
  close(): Promise<void>;
}

/** The key in argocd-secret, waiting for it where it is not there yet. */
async function secretKey(settings: Settings, logger: Logger): Promise<string> {
  const attempt = (): string | undefined => {
    try {
      return settings.secretKey();
    } catch (error) {
      if (hasCode(error, 'SETTINGS_NO_SECRET_KEY')) return undefined;
      throw error;
    }
  };
  const found = attempt();
  if (found !== undefined) return found;
  logger.info('Waiting for server.secretkey in argocd-secret');
  return new Promise((resolve) => {
    const stop = settings.onChange(() => {
      const key = attempt();
      if (key === undefined) return;
      stop();
      resolve(key);
    });
  });
}

/** The URL of the Helm repository that a Secret declares under a name, the project's own before the common one. */
function declaredRepository(settings: Settings, name: string, project: string): string | undefined {
  const named = settings.repositories().filter((entry) => entry.name === name && entry.type !== 'git');
  return (named.find((entry) => entry.project === project) ?? named.find((entry) => entry.project === undefined))?.url;
}

/**
 * Takes work from the queue `render`: reads Git, renders, fills the sealed cache. Any number of them work side by side,
 * each with its own data folder. Ready when the promise is.
 */
export async function start(config: RepoServerConfig): Promise<RepoServer> {
  const { logLevel: level, logFile } = config;
  const logger = createLogger({ service: 'repo-server', level, ...(logFile ? { file: logFile } : {}) });
  const metrics = createMetrics();
  await using opened = new AsyncDisposableStack();

  const client = await connect(config.cluster, { logger, metrics });
  opened.defer(() => client.close());
  const settings = await watchSettings({ client, namespace: config.namespace, logger });
  opened.defer(() => settings.close());
  const sealKey = sealKeyFrom(await secretKey(settings, logger));
  const prefix = config.redisPrefix ? { prefix: config.redisPrefix } : {};
  const store = await createStore({
    redisUrl: config.redisUrl,
    sealKey,
    logger,
    metrics,
    initiator: 'repo-server',
    ...prefix,
  });
  opened.defer(() => store.close());
  const backend = createGitBackend({ logger, metrics });
  const mirrors = createMirrors({ backend, folder: mirrorsFolder(config), logger });
  opened.defer(() => mirrors.close());

  const { maxIndexBytes } = config.limits;
  const indexLimit = maxIndexBytes === undefined ? {} : { maxIndexBytes };
  const charts = createChartSources({
    folder: chartsFolder(config),
    access: (url, project) => settings.repositoryAccess(url, project),
    declared: (name, project) => declaredRepository(settings, name, project),
    limits: () => ({ ...settings.current().archives, ...indexLimit }),
  });
  const service = createRenderService({
    mirrors,
    charts,
    renderer: createRenderer({
      tools: config.tools,
      workFolder: workFolder(config),
      logger,
      limits: config.limits,
      pluginEnvironment: config.pluginEnvironment,
      hiddenFromPlugins: hiddenFromPlugins(config),
      pluginSockets: config.pluginSockets,
    }),
    sealed: store.sealed,
    sealKey,
    repositoryAccess: (url, project) => settings.repositoryAccess(url, project),
    renderSettings: () => settings.current().render,
    publicKeys: () => settings.current().signatures.publicKeys,
    submodules: settings.current().submodules,
    metrics: createRenderMetrics(metrics),
  });
  opened.defer(settings.onChange(() => service.settingsChanged()));
  const worker = store.worker<RenderQueueRequest, RenderQueueResult>(
    'render',
    (request, { signal }) => service.handle(request, { signal }),
    { concurrency },
  );
  opened.defer(() => worker.close());
  const served = await serveMetrics(metrics, { host: config.metricsHost, port: config.metricsPort });
  opened.defer(() => served.close());
  logger.info('Repo-server is ready', { metricsUrl: served.url, git: backend.name });

  const resources = opened.move();
  return { metricsUrl: served.url, close: () => resources.disposeAsync() };
}
