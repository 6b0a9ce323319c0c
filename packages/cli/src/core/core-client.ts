import { serveApi } from '@plumbline/api-server';
import type { KubeClient } from '@plumbline/cluster';
import { type ApiClient, createApiClient } from '@plumbline/protocol';
import { type Settings, watchSettings } from '@plumbline/settings';
import { sealKeyFrom } from '@plumbline/store';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import { runtimeFacts } from '@plumbline/telemetry/program-facts';
import { clientVersion } from '../account/version.ts';
import { atEnd } from '../at-end.ts';
import { coreAccounts } from './core-accounts.ts';
import { coreStore } from './core-store.ts';
import { connectKube } from './kube-access.ts';

interface CoreOptions {
  /** Context of the kubeconfig. */
  kubeContext?: string;
}

async function serve(client: KubeClient, settings: Settings, namespace: string) {
  const { accounts, password } = await coreAccounts(settings);
  const store = await coreStore(client, { namespace, sealKey: sealKeyFrom(settings.secretKey()) });
  atEnd(() => store.close());
  const server = await serveApi(
    {
      client,
      namespace,
      store,
      accounts,
      resolveDestination: (destination) => settings.resolveDestination(destination),
      sensitiveAnnotations: () => settings.current().sensitiveAnnotations,
      actionRules: () => settings.current().actionRules,
      declared: settings,
      settings: () => {
        const { url = '', instanceLabelKey, trackingMethod } = settings.current();
        return { url, appLabelKey: instanceLabelKey, trackingMethod };
      },
      version: { Version: clientVersion(), ...runtimeFacts() },
      logger: silentLogger,
      metrics: createMetrics(),
    },
    { host: '127.0.0.1', port: 0 },
  );
  atEnd(() => server.close());
  return { url: server.url, password };
}

/**
 * A client without a server: an API server runs in this process on a loopback port until the command ends, with the rights
 * that the kubeconfig gives. Nobody else gets in: its only account has a password that is made for this run.
 */
export async function coreClient({ kubeContext }: CoreOptions): Promise<ApiClient> {
  const { client, namespace } = await connectKube({ context: kubeContext });
  const settings = await watchSettings({ client, namespace, logger: silentLogger });
  atEnd(() => settings.close());
  const { url, password } = await serve(client, settings, namespace);
  const body = { username: 'admin', password };
  const { token } = await createApiClient({ url }).call('login', { body });
  return createApiClient({ url, token });
}
