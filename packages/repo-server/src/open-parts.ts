import { connect } from '@plumbline/cluster';
import type { AccessTokens, Mirrors } from '@plumbline/git';
import { type ChartSources, createChartSources, createRenderer, pluginNames } from '@plumbline/render';
import { type Settings, watchSettings } from '@plumbline/settings';
import { createStore, sealKeyFrom } from '@plumbline/store';
import type { Logger, Metrics, Tracing } from '@plumbline/telemetry';
import { chartsFolder, hiddenFromPlugins, type RepoServerConfig, workFolder } from './config.ts';
import { createRenderMetrics } from './render-metrics.ts';
import { createRenderService } from './render-service.ts';
import { secretKey } from './secret-key.ts';

/** What all parts of a repo-server are given. */
export interface Shared {
  config: RepoServerConfig;
  logger: Logger;
  metrics: Metrics;
  /** Closed in reverse order. */
  opened: AsyncDisposableStack;
}

export async function openSettings({ config, logger, metrics, opened }: Shared): Promise<Settings> {
  const client = await connect(config.cluster, { logger, metrics });
  opened.defer(() => client.close());
  const settings = await watchSettings({ client, namespace: config.namespace, logger });
  opened.defer(() => settings.close());
  return settings;
}

/** The store, whose cache is sealed by the key in argocd-secret: it is waited for. */
export async function openStore(
  { config, logger, metrics, tracing, opened }: Shared & { tracing: Tracing },
  settings: Settings,
) {
  const sealKey = sealKeyFrom(await secretKey(settings, logger));
  const prefix = config.redisPrefix ? { prefix: config.redisPrefix } : {};
  const { redisUrl } = config;
  const store = await createStore({ redisUrl, sealKey, logger, metrics, tracing, initiator: 'repo-server', ...prefix });
  opened.defer(() => store.close());
  return { store, sealKey };
}

/** The URL of the Helm repository that a Secret declares under a name, the project's own before the common one. */
function declaredRepository(settings: Settings, name: string, project: string): string | undefined {
  const named = settings.repositories().filter((entry) => entry.name === name && entry.type !== 'git');
  return (named.find((entry) => entry.project === project) ?? named.find((entry) => entry.project === undefined))?.url;
}

function openCharts(
  { config, metrics }: Pick<Shared, 'config' | 'metrics'>,
  settings: Settings,
  tokens: AccessTokens,
): ChartSources {
  const { maxIndexBytes } = config.limits;
  const indexLimit = maxIndexBytes === undefined ? {} : { maxIndexBytes };
  return createChartSources({
    folder: chartsFolder(config),
    metrics,
    access: (url, project) => settings.repositoryAccess(url, project),
    exchange: (access) => tokens.exchange(access, 'registry'),
    declared: (name, project) => declaredRepository(settings, name, project),
    limits: () => ({ ...settings.current().archives, ...indexLimit }),
  });
}

/** Renders by the settings of the moment. */
export function openRenderService(
  { config, logger, metrics, opened }: Shared,
  settings: Settings,
  {
    mirrors,
    tokens,
    store,
    sealKey,
  }: Awaited<ReturnType<typeof openStore>> & { mirrors: Mirrors; tokens: AccessTokens },
) {
  const measured = createRenderMetrics(metrics);
  const service = createRenderService({
    mirrors,
    tokens,
    charts: openCharts({ config, metrics }, settings, tokens),
    renderer: createRenderer({
      tools: config.tools,
      workFolder: workFolder(config),
      logger,
      limits: config.limits,
      pluginEnvironment: config.pluginEnvironment,
      hiddenFromPlugins: hiddenFromPlugins(config),
      pluginSockets: config.pluginSockets,
      onWait: (seconds) => measured.waited(seconds),
    }),
    sealed: store.sealed,
    sealKey,
    repositoryAccess: (url, project) => settings.repositoryAccess(url, project),
    renderSettings: () => settings.current().render,
    publicKeys: () => settings.current().signatures.publicKeys,
    submodules: settings.current().submodules,
    pluginNames: () => pluginNames(config.pluginSockets),
    metrics: measured,
  });
  opened.defer(settings.onChange(() => service.settingsChanged()));
  return service;
}
