import { annotations, secretTypes } from '@plumbline/apis';
import { connect } from '@plumbline/cluster';
import type { Cluster, ClusterInput } from '@plumbline/protocol';
import { inClusterServer } from '@plumbline/settings';
import { compareText } from '../applications/sort-text.ts';
import { apiFailure } from '../http/api-failure.ts';
import {
  clusterOfInput,
  clusterOfSecret,
  clusterSecretContent,
  clusterSecretName,
  type DeclaredCluster,
  ownCluster,
  trimmedServer,
  updatedCluster,
} from './cluster-data.ts';
import { type ClusterLooksParts, createClusterLooks, type Seen } from './cluster-looks.ts';
import type { LabelledSecrets } from './labelled-secrets.ts';
import { sameData } from './repository-data.ts';
import { rotatedConfig } from './rotate-auth.ts';

export interface ClustersParts extends ClusterLooksParts {
  secrets: LabelledSecrets;
  /** Whether the control plane's own cluster is a destination without a Secret. */
  inClusterEnabled(): boolean;
  now: () => Date;
  /** Asks the controllers to read a cluster's live objects again. */
  invalidate(server: string): Promise<void>;
}

/** How a request names a cluster, and whether its caller may do with it what he wants. */
export interface ClusterName {
  value: string;
  type: 'name' | 'server';
  may(cluster: DeclaredCluster): boolean;
  /** Throws where the caller may not even ask for a cluster of this name. */
  refuse(name: string): void;
}

/** The clusters that are declared, as the API shows and changes them. */
export interface Clusters {
  list(wanted: (cluster: DeclaredCluster) => boolean): Promise<Cluster[]>;
  get(name: ClusterName): Promise<Cluster>;
  create(
    input: ClusterInput,
    options: { upsert: boolean; mayUpdate(cluster: DeclaredCluster): boolean },
  ): Promise<Cluster>;
  update(name: ClusterName, input: ClusterInput, updatedFields: readonly string[] | undefined): Promise<Cluster>;
  remove(name: ClusterName): Promise<void>;
  rotateAuth(name: ClusterName): Promise<void>;
  invalidate(name: ClusterName): Promise<Cluster>;
}

const type = secretTypes.cluster;

export function createClusters(parts: ClustersParts): Clusters {
  const { secrets, logger, metrics, now } = parts;
  const { proved, shown, note } = createClusterLooks(parts);

  const declared = async (): Promise<DeclaredCluster[]> => {
    const found = (await secrets.list(type)).map(clusterOfSecret).filter(({ server }) => server !== '');
    const others = found.filter(({ server }) => server !== inClusterServer);
    if (!parts.inClusterEnabled()) return others;
    return others.length < found.length ? found : [ownCluster, ...found];
  };

  const find = async ({ value, type: by, may, refuse }: ClusterName): Promise<DeclaredCluster> => {
    const wanted = by === 'server' ? trimmedServer(value) : value;
    const found = (await declared()).find((cluster) => cluster[by] === wanted && may(cluster));
    if (found) return found;
    refuse(value);
    throw apiFailure('NotFound', `cluster "${value}" not found`);
  };

  const stored = async (name: ClusterName) => {
    const cluster = await find(name);
    if (cluster.secret) return { cluster, secret: cluster.secret };
    throw apiFailure('FailedPrecondition', `cluster ${cluster.name} is always there: no Secret declares it`);
  };

  /** Keeps what has just been seen with the Secret as it is now. */
  const written = (secret: Parameters<typeof clusterOfSecret>[0], look?: Seen): Promise<Cluster> => {
    const cluster = clusterOfSecret(secret);
    if (look) note(cluster, look);
    return shown(cluster);
  };

  /** The Secret of the control plane's own cluster is made when something is to be kept of it. */
  const withSecret = async (cluster: DeclaredCluster, change: Omit<DeclaredCluster, 'secret'>) => {
    const content = clusterSecretContent(change);
    if (cluster.secret) return secrets.update(cluster.secret, content);
    return secrets.create(type, { name: clusterSecretName(cluster.server), ...content });
  };

  return {
    async list(wanted) {
      const all = await Promise.all((await declared()).filter(wanted).map(shown));
      return all.sort((a, b) => compareText(a.server, b.server));
    },
    get: async (name) => shown(await find(name)),
    async create(input, { upsert, mayUpdate }) {
      const wanted = clusterOfInput(input);
      const content = clusterSecretContent(wanted);
      const former = (await secrets.list(type)).find((secret) => clusterOfSecret(secret).server === wanted.server);
      if (former && sameData(former.data, content.data)) return shown(clusterOfSecret(former));
      if (former && !upsert) {
        const text = `existing cluster spec is different: use upsert flag to force update of ${wanted.server}`;
        throw apiFailure('InvalidArgument', text);
      }
      if (former && !mayUpdate(clusterOfSecret(former))) throw apiFailure('PermissionDenied', 'permission denied');
      const look = await proved(wanted);
      const secret = former
        ? await secrets.update(former, content)
        : await secrets.create(type, { name: clusterSecretName(wanted.server), ...content });
      return written(secret, look);
    },
    async update(name, input, updatedFields) {
      const cluster = await find(name);
      const next = updatedCluster(cluster, input, updatedFields);
      return written(await withSecret(cluster, next), await proved(next));
    },
    async remove(name) {
      const { secret } = await stored(name);
      await secrets.remove(secret);
    },
    async rotateAuth(name) {
      const { cluster, secret } = await stored(name);
      const { server, config } = cluster;
      const client = await connect({ kind: 'secret', name: cluster.name, server, config }, { logger, metrics });
      try {
        const rotated = await rotatedConfig(client, config);
        const next = { ...cluster, config: rotated.config };
        const look = await proved(next);
        await written(await secrets.update(secret, { data: clusterSecretContent(next).data }), look);
        await rotated.forgetFormer();
      } finally {
        await client.close();
      }
    },
    async invalidate(name) {
      const cluster = await find(name);
      const asked = { ...cluster.annotations, [annotations.refresh]: now().toISOString() };
      const { secret: _, ...kept } = cluster;
      const changed = await written(await withSecret(cluster, { ...kept, annotations: asked }));
      await parts.invalidate(cluster.server);
      return changed;
    },
  };
}
