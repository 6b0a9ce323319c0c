import type { ApplicationDestination } from '@plumbline/apis';
import { connect, type KubeClient } from '@plumbline/cluster';
import { clusterAccess, type DestinationCluster } from '@plumbline/settings';
import type { Logger, Metrics } from '@plumbline/telemetry';

export interface ClusterClientsOptions {
  /** The control plane's own cluster. */
  control: KubeClient;
  resolveDestination(destination: ApplicationDestination): DestinationCluster;
  logger: Logger;
  metrics: Metrics;
}

/** Connections to destination clusters, for what the API shows and changes of live objects. */
export interface ClusterClients {
  /** Throws `DESTINATION_INVALID`, and what connecting throws. */
  of(destination: ApplicationDestination): Promise<KubeClient>;
  close(): Promise<void>;
}

interface Opened {
  identity: string;
  client: Promise<KubeClient>;
}

/** Opens connections when they are asked for and keeps them until their Secret changes. */
export function createClusterClients({ control, resolveDestination, ...rest }: ClusterClientsOptions): ClusterClients {
  const opened = new Map<string, Opened>();
  const discard = ({ client }: Opened): Promise<void> =>
    client.then(
      (value) => value.close(),
      () => {},
    );
  return {
    async of(destination) {
      const cluster = resolveDestination(destination);
      const access = clusterAccess(cluster);
      if (!access) return control;
      const identity = JSON.stringify(access);
      const known = opened.get(cluster.server);
      if (known?.identity === identity) return known.client;
      if (known) void discard(known);
      const client = connect(access, rest);
      const entry = { identity, client };
      opened.set(cluster.server, entry);
      client.catch(() => {
        if (opened.get(cluster.server) === entry) opened.delete(cluster.server);
      });
      return client;
    },
    async close() {
      await Promise.all([...opened.values()].map(discard));
      opened.clear();
    },
  };
}
