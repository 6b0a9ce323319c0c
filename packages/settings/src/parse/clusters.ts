import { labels, secretTypes } from '@plumbline/apis';
import type { Document } from '../documents.ts';
import type { DestinationCluster } from '../types.ts';
import { type ReadState, ValueReader } from './value-reader.ts';
import { invalid, parseFlag, parseList } from './values.ts';

/** The control plane's own cluster, as destinations name it. */
export const inClusterServer = 'https://kubernetes.default.svc';
export const inClusterName = 'in-cluster';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseConfig(text: string): Record<string, unknown> {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw invalid('expected a JSON object; it does not parse'); // The parser's words would quote the value.
  }
  if (!isRecord(config)) throw invalid('expected a JSON object');
  return config;
}

/** Such a config stays as it is: connecting with it is refused, in words that its Applications show. */
function isContradictory(config: Record<string, unknown> = {}): boolean {
  const tls = isRecord(config['tlsClientConfig']) ? config['tlsClientConfig'] : {};
  return tls['insecure'] === true && Boolean(tls['caData']);
}

function parseServer(text: string): string {
  const server = text.trim().replace(/\/+$/, '');
  if (server === '' || !URL.canParse(server)) throw invalid('expected the URL of an API server');
  return server;
}

function parseShard(text: string): number | undefined {
  const shard = Number(text.trim());
  if (!Number.isSafeInteger(shard) || shard < 0) throw invalid('expected a whole number that is not negative');
  return shard;
}

function readCluster(secret: Document, reader: ValueReader): DestinationCluster | undefined {
  const server = reader.read('server', '', parseServer);
  const config = reader.read<Record<string, unknown> | undefined>('config', {}, parseConfig);
  if (isContradictory(config)) reader.report('config', 'tlsClientConfig: insecure and caData exclude each other');
  if (server === '') return undefined;
  const own = server === inClusterServer;
  return {
    name: reader.read('name', '', (text) => text.trim()) || (own ? inClusterName : server),
    server,
    secretName: own ? undefined : secret.name,
    config: config ?? {},
    namespaces: reader.read<string[]>('namespaces', [], parseList),
    clusterResources: reader.read('clusterResources', false, parseFlag),
    project: reader.read('project', '', (text) => text.trim()) || undefined,
    shard: reader.read<number | undefined>('shard', undefined, parseShard),
    labels: secret.labels,
    annotations: secret.annotations,
  };
}

const ownCluster: DestinationCluster = {
  name: inClusterName,
  server: inClusterServer,
  secretName: undefined,
  config: {},
  namespaces: [],
  clusterResources: false,
  project: undefined,
  shard: undefined,
  labels: {},
  annotations: {},
};

/** Clusters of the labelled Secrets, and the control plane's own where no Secret stands for it and it is not switched off. */
export function readClusters(
  secrets: Iterable<Document>,
  state: ReadState & { inClusterEnabled: boolean },
): DestinationCluster[] {
  const clusters: DestinationCluster[] = [];
  for (const secret of secrets) {
    if (secret.labels[labels.secretType] !== secretTypes.cluster) continue;
    const reader = new ValueReader({ object: `Secret ${secret.name}`, data: secret.data, ...state });
    const cluster = readCluster(secret, reader);
    if (cluster) clusters.push(cluster);
    else if (secret.data['server'] === undefined) reader.report('server', 'missing: the URL of the API server');
  }
  const others = clusters.filter(({ server }) => server !== inClusterServer);
  if (!state.inClusterEnabled) return others;
  return clusters.length > others.length ? clusters : [ownCluster, ...clusters];
}
