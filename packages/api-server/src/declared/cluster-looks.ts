import { connect, type KubeClient } from '@plumbline/cluster';
import { errorMessage } from '@plumbline/errors';
import type { Cluster, ClusterRecord } from '@plumbline/protocol';
import { inClusterServer } from '@plumbline/settings';
import type { Logger, Metrics } from '@plumbline/telemetry';
import type { ApplicationCache } from '../applications/application-cache.ts';
import { asApplication } from '../applications/application-object.ts';
import { apiFailure } from '../http/api-failure.ts';
import { type DeclaredCluster, shownCluster, trimmedServer } from './cluster-data.ts';
import type { ConnectionStates } from './connection-states.ts';

export interface ClusterLooksParts {
  states: ConnectionStates;
  /** The control plane's own. */
  client: KubeClient;
  cache: ApplicationCache;
  logger: Logger;
  metrics: Metrics;
  /** What a controller knows of a cluster; undefined where none watches it. */
  record(server: string): Promise<ClusterRecord | undefined>;
}

/** What a look at a cluster finds. */
export interface Seen {
  serverVersion: string;
  apis: string[];
}

/** Looks at clusters, and what was seen of them. */
export interface ClusterLooks {
  /** Connects anew, so that what is tried is what is declared. Throws `InvalidArgument` where it cannot be used. */
  proved(cluster: Pick<DeclaredCluster, 'server' | 'name' | 'config'>): Promise<Seen>;
  /** With what its controller knows of it, or else with what a look of our own finds. */
  shown(cluster: DeclaredCluster): Promise<Cluster>;
  /** Notes what has just been seen of a cluster as its Secret now declares it. */
  note(cluster: DeclaredCluster, seen: Seen): void;
}

const testMs = 15_000;

async function look(client: KubeClient): Promise<Seen> {
  const [{ major, minor }] = await Promise.all([client.version(), client.discovery.refresh()]);
  return { serverVersion: `${major}.${minor.replace(/\D+$/, '')}`, apis: [...client.discovery.apiVersions()] };
}

const withDeadline = <T>(work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(apiFailure('Unavailable', `no answer within ${testMs / 1000} s`)), testMs);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
};

const keyOf = ({ server, secret }: DeclaredCluster) => `${server} ${secret?.uid} ${secret?.resourceVersion}`;

function applicationsOf(cache: ApplicationCache, { server, name }: DeclaredCluster): number {
  return cache.list().filter((object) => {
    const { destination } = asApplication(object).spec;
    return destination.server ? trimmedServer(destination.server) === server : destination.name === name;
  }).length;
}

export function createClusterLooks(parts: ClusterLooksParts): ClusterLooks {
  const { states, client: control, cache, logger, metrics } = parts;
  /** By server: what was last seen, and of which version of its Secret. */
  const seen = new Map<string, { key: string; found: Seen }>();
  const keep = (cluster: DeclaredCluster, found: Seen) => seen.set(cluster.server, { key: keyOf(cluster), found });

  const probe = async ({ server, name, config }: Pick<DeclaredCluster, 'server' | 'name' | 'config'>) => {
    if (server === inClusterServer) return withDeadline(look(control));
    const client = await withDeadline(connect({ kind: 'secret', name, server, config }, { logger, metrics }));
    try {
      return await withDeadline(look(client));
    } finally {
      await client.close();
    }
  };

  return {
    async proved(cluster) {
      try {
        return await probe(cluster);
      } catch (error) {
        const text = `cluster ${cluster.server} cannot be used: ${errorMessage(error)}`;
        throw apiFailure('InvalidArgument', text, error);
      }
    },
    async shown(cluster) {
      const applicationsCount = applicationsOf(cache, cluster);
      const record = await parts.record(cluster.server);
      if (record) {
        const { connection: connectionState, serverVersion, cache: cacheInfo, apiVersions } = record;
        const info = { connectionState, serverVersion, cacheInfo, applicationsCount, apiVersions };
        return shownCluster(cluster, { info });
      }
      const connectionState = await states.get(keyOf(cluster), async () => {
        keep(cluster, await probe(cluster));
      });
      const last = seen.get(cluster.server);
      const known = connectionState.status === 'Successful' && last?.key === keyOf(cluster) ? last.found : undefined;
      const { serverVersion = '', apis = [] } = known ?? {};
      const info = { connectionState, serverVersion, cacheInfo: { apisCount: apis.length }, applicationsCount };
      return shownCluster(cluster, { info: { ...info, apiVersions: apis } });
    },
    note(cluster, found) {
      keep(cluster, found);
      states.succeeded(keyOf(cluster));
    },
  };
}
