import { globMatch } from '@plumbline/access';
import { type Application, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';

/** A cluster as its Secret declares it; credentials stay in `config`. */
export interface DeclaredCluster {
  /** Of its Secret; undefined for the control plane's own without one. */
  secret: string | undefined;
  name: string;
  server: string;
  namespaces: string[];
  clusterResources: boolean;
  shard: number | undefined;
  config: Record<string, unknown>;
}

const inCluster = 'https://kubernetes.default.svc';

function parsed(text: string | undefined): Record<string, unknown> {
  const value: unknown = JSON.parse(text || '{}');
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Every cluster that is declared, the control plane's own included. */
export async function declaredClusters(client: KubeClient, namespace: string): Promise<DeclaredCluster[]> {
  const { items } = await client.list(
    { apiVersion: 'v1', kind: 'Secret', namespace },
    { labelSelector: 'argocd.argoproj.io/secret-type=cluster' },
  );
  const clusters = items.map((item): DeclaredCluster => {
    const data = Object.fromEntries(
      Object.entries(item['data'] ?? {}).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString()]),
    ) as Record<string, string | undefined>;
    const server = (data['server'] ?? '').replace(/\/+$/, '');
    return {
      secret: item.metadata.name,
      name: data['name'] || server,
      server,
      namespaces: (data['namespaces'] ?? '').split(',').filter((name) => name !== ''),
      clusterResources: data['clusterResources'] === 'true',
      shard: data['shard'] ? Number(data['shard']) : undefined,
      config: parsed(data['config']),
    };
  });
  if (clusters.some(({ server }) => server === inCluster)) return clusters;
  const own = { secret: undefined, name: 'in-cluster', server: inCluster, namespaces: [], config: {} };
  return [{ ...own, clusterResources: false, shard: undefined }, ...clusters];
}

/** Every Application that is there, whatever its namespace. */
export async function allApplications(client: KubeClient): Promise<Application[]> {
  const { items } = await client.list({ apiVersion: applicationApiVersion, kind: 'Application' });
  return items as unknown as Application[];
}

/** The Applications that go to a cluster. */
export function applicationsOf({ name, server }: DeclaredCluster, all: readonly Application[]): Application[] {
  return all.filter(({ spec: { destination } }) =>
    destination.name ? destination.name === name : (destination.server ?? '').replace(/\/+$/, '') === server,
  );
}

/** Namespaces that Applications deploy to on a cluster, from their status and destination. */
export function namespacesOf(applications: readonly Application[]): string[] {
  const names = applications.flatMap(({ spec, status }) => [
    spec.destination.namespace ?? '',
    ...(status?.resources ?? []).map(({ namespace = '' }) => namespace),
  ]);
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

/** The clusters whose name or URL a glob names. */
export function clustersLike(pattern: string, all: readonly DeclaredCluster[]): DeclaredCluster[] {
  return all.filter(({ name, server }) => globMatch(pattern, name) || globMatch(pattern, server));
}
