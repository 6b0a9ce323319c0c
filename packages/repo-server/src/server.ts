import { createAccessTokens, createGitBackend, createMirrors } from '@plumbline/git';
import type { RenderQueueRequest, RenderQueueResult } from '@plumbline/render';
import { createLogger, createMetrics, createTracing, otlpSettings, serveMetrics } from '@plumbline/telemetry';
import { mirrorsFolder, type RepoServerConfig } from './config.ts';
import { createIdleMemory } from './idle-memory.ts';
import { openRenderService, openSettings, openStore, type Shared } from './open-parts.ts';

/** Work items taken at one time. Most only look at a remote or at the cache; renders wait for a free core among themselves. */
const concurrency = 256;

export interface RepoServer {
  metricsUrl: string;
  /** Unfinished work items go back to the queue. */
  close(): Promise<void>;
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

  const shared: Shared = { config, logger, metrics, opened };

  const settings = await openSettings(shared);
  const tracing = await createTracing('argocd-repo-server', otlpSettings(settings.current().traces, process.env));
  opened.defer(() => tracing.close());
  const { store, sealKey } = await openStore({ ...shared, tracing }, settings);
  const backend = createGitBackend({ logger, metrics });
  const tokens = createAccessTokens({ azureHosts: config.azureHosts });
  const mirrors = createMirrors({ backend, folder: mirrorsFolder(config), logger, tokens });
  opened.defer(() => mirrors.close());
  const service = openRenderService(shared, settings, { store, sealKey, mirrors, tokens });
  const memory = createIdleMemory();
  opened.defer(() => memory.close());
  const worker = store.worker<RenderQueueRequest, RenderQueueResult>(
    'render',
    (request, { signal }) => memory.during(() => service.handle(request, { signal })),
    { concurrency },
  );
  opened.defer(() => worker.close());
  const served = await serveMetrics(metrics, { host: config.metricsHost, port: config.metricsPort });
  opened.defer(() => served.close());
  logger.info('Repo-server is ready', { metricsUrl: served.url, git: backend.name });

  const resources = opened.move();
  return { metricsUrl: served.url, close: () => resources.disposeAsync() };
}
