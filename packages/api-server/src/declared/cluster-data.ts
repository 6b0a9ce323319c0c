import { annotations } from '@plumbline/apis';
import type { Cluster, ClusterConfig, ClusterInput } from '@plumbline/protocol';
import { inClusterName, inClusterServer } from '@plumbline/settings';
import { apiFailure } from '../http/api-failure.ts';
import type { SecretChange } from './labelled-secrets.ts';
import { type LabelledSecret, secretName } from './labelled-secrets.ts';

/** A cluster of a Secret, or the control plane's own, which needs none. Holds credentials: never answer it. */
export interface DeclaredCluster {
  server: string;
  name: string;
  config: ClusterConfig;
  namespaces: readonly string[];
  clusterResources: boolean;
  shard: number | undefined;
  project: string | undefined;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  secret: LabelledSecret | undefined;
}

export const trimmedServer = (server: string): string => server.trim().replace(/\/+$/, '');

function parsedConfig(text: string | undefined): ClusterConfig {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as ClusterConfig) : {};
  } catch {
    return {};
  }
}

const commas = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** What a Secret declares. */
export function clusterOfSecret(secret: LabelledSecret): DeclaredCluster {
  const { data } = secret;
  const server = trimmedServer(data['server'] ?? '');
  const shard = Number(data['shard']);
  return {
    server,
    name: data['name'] || (server === inClusterServer ? inClusterName : server),
    config: parsedConfig(data['config']),
    namespaces: commas(data['namespaces']),
    clusterResources: data['clusterResources'] === 'true',
    shard: data['shard'] && Number.isSafeInteger(shard) ? shard : undefined,
    project: data['project'] || undefined,
    labels: secret.labels,
    annotations: secret.annotations,
    secret,
  };
}

/** The control plane's own cluster where no Secret is about it. */
export const ownCluster: DeclaredCluster = {
  server: inClusterServer,
  name: inClusterName,
  config: {},
  namespaces: [],
  clusterResources: false,
  shard: undefined,
  project: undefined,
  labels: {},
  annotations: {},
  secret: undefined,
};

/** The host's name is for people; the number tells servers apart. */
export function clusterSecretName(server: string): string {
  const host = URL.canParse(server) ? new URL(server).hostname.replace(/[^a-z0-9.-]/g, '-') : 'x';
  return secretName(`cluster-${host.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'x'}`, server);
}

function checkConfig({ tlsClientConfig, proxyUrl }: ClusterConfig): void {
  if (tlsClientConfig?.insecure && tlsClientConfig.caData) {
    throw apiFailure('InvalidArgument', 'config.tlsClientConfig: insecure and caData exclude each other');
  }
  if (proxyUrl && !/^(https?|socks5):\/\/./.test(proxyUrl)) {
    throw apiFailure('InvalidArgument', 'config.proxyUrl: expected an http, https or socks5 URL');
  }
}

/** The cluster that a client sends. Throws `InvalidArgument`. */
export function clusterOfInput(input: ClusterInput): Omit<DeclaredCluster, 'secret'> {
  const server = trimmedServer(input.server);
  if (!/^https?:\/\//i.test(server) || !URL.canParse(server)) {
    throw apiFailure('InvalidArgument', 'server: expected the URL of an API server');
  }
  checkConfig(input.config ?? {});
  return {
    server,
    name: input.name || (server === inClusterServer ? inClusterName : server),
    config: input.config ?? {},
    namespaces: input.namespaces ?? [],
    clusterResources: input.clusterResources ?? false,
    shard: input.shard ?? undefined,
    project: input.project || undefined,
    labels: input.labels ?? {},
    annotations: input.annotations ?? {},
  };
}

/** The Secret's content for a cluster. */
export function clusterSecretContent(cluster: Omit<DeclaredCluster, 'secret'>): Required<SecretChange> {
  const { server, name, config, namespaces, clusterResources, shard, project, labels } = cluster;
  return {
    labels,
    annotations: cluster.annotations,
    data: {
      server,
      name,
      config: JSON.stringify(config),
      ...(namespaces.length > 0 ? { namespaces: namespaces.join(',') } : {}),
      ...(clusterResources ? { clusterResources: 'true' } : {}),
      ...(shard === undefined ? {} : { shard: String(shard) }),
      ...(project ? { project } : {}),
    },
  };
}

/** Fields that an update may name. */
const updatable = [
  'name',
  'namespaces',
  'config',
  'shard',
  'clusterResources',
  'labels',
  'annotations',
  'project',
] as const;

/**
 * A stored cluster with what a client sends. With `updatedFields` only these are taken; without, everything that it sends.
 * The address stays: credentials of one server must not go to another.
 */
export function updatedCluster(
  stored: DeclaredCluster,
  input: ClusterInput,
  updatedFields: readonly string[] | undefined,
): Omit<DeclaredCluster, 'secret'> {
  const unknown = updatedFields?.find((field) => !updatable.some((known) => known === field));
  if (unknown !== undefined) throw apiFailure('InvalidArgument', `updatedFields: a cluster has no field "${unknown}"`);
  const sent = clusterOfInput({ ...input, server: stored.server, name: input.name || stored.name });
  const taken = updatable.filter((field) => updatedFields?.includes(field) ?? input[field] !== undefined);
  const { secret: _, ...kept } = stored;
  return { ...kept, ...Object.fromEntries(taken.map((field) => [field, sent[field]])) };
}

/** What an answer shows of a cluster: no credentials, nor copies of them in annotations. */
export function shownCluster(cluster: DeclaredCluster, { info }: Pick<Cluster, 'info'>): Cluster {
  const { insecure = false, serverName } = cluster.config.tlsClientConfig ?? {};
  const { [annotations.lastApplied]: _, ...others } = cluster.annotations;
  return {
    server: cluster.server,
    name: cluster.name,
    config: { tlsClientConfig: { insecure, ...(serverName ? { serverName } : {}) } },
    connectionState: info.connectionState,
    serverVersion: info.serverVersion,
    info,
    ...(cluster.namespaces.length > 0 ? { namespaces: [...cluster.namespaces] } : {}),
    ...(cluster.clusterResources ? { clusterResources: true } : {}),
    ...(cluster.shard === undefined ? {} : { shard: cluster.shard }),
    ...(cluster.project ? { project: cluster.project } : {}),
    ...(Object.keys(cluster.labels).length > 0 ? { labels: { ...cluster.labels } } : {}),
    ...(Object.keys(others).length > 0 ? { annotations: others } : {}),
  };
}
