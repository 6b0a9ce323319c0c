import { createRequire } from 'node:module';
import { connect } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import type { VersionInfo } from '@plumbline/protocol';
import { watchSettings } from '@plumbline/settings';
import { createStore, sealKeyFrom } from '@plumbline/store';
import { createLogger, createMetrics, createTracing, otlpSettings, serveMetrics } from '@plumbline/telemetry';
import { checkoutFacts, runtimeFacts } from '@plumbline/telemetry/program-facts';
import type { ApiServerConfig } from './config.ts';
import { type ApiServer, serveApi } from './server.ts';

/** Version of this package and of what runs it. The tools that render are the repo-server's: nothing is known of them here. */
async function ownVersion(): Promise<VersionInfo> {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  const version = typeof manifest === 'object' && manifest && 'version' in manifest ? String(manifest.version) : '';
  return { Version: `v${version}`, ...(await checkoutFacts()), ...runtimeFacts() };
}

/** What was opened, closed in reverse order. */
class Opened {
  readonly #closers: (() => Promise<unknown>)[] = [];

  add<T>(value: T, close: (value: T) => Promise<unknown>): T {
    this.#closers.push(() => close(value));
    return value;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close().catch(() => undefined);
  }
}

/** Runs the API server with connections of its own. Throws where the cluster or Redis cannot be reached. */
export async function start(config: ApiServerConfig): Promise<ApiServer & { metricsUrl: string }> {
  const { namespace, redisUrl } = config;
  const logger = createLogger({ service: 'api-server', level: config.logLevel });
  const metrics = createMetrics();
  const opened = new Opened();
  try {
    const client = opened.add(await connect(config.cluster, { logger, metrics }), (value) => value.close());
    const settings = opened.add(await watchSettings({ client, namespace, logger }), (value) => value.close());
    const sealKey = sealKeyFrom(settings.secretKey());
    const prefix = config.redisPrefix === undefined ? {} : { prefix: config.redisPrefix };
    const otlp = otlpSettings(settings.current().traces, process.env);
    const tracing = opened.add(await createTracing('argocd-server', otlp), (value) => value.close());
    const store = await createStore({ redisUrl, sealKey, logger, metrics, tracing, ...prefix });
    opened.add(store, (value) => value.close());
    const scrape = { host: config.metricsHost, port: config.metricsPort };
    const exposed = opened.add(await serveMetrics(metrics, scrape), (value) => value.close());
    const parts = {
      client,
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
      version: await ownVersion(),
      logger,
      metrics,
      tracing,
    };
    const server = opened.add(await serveApi(parts, config), (value) => value.close());
    return { url: server.url, metricsUrl: exposed.url, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    if (error instanceof PlumblineError) throw error;
    throw new PlumblineError('API_START', 'the API server cannot start', { cause: error });
  }
}
