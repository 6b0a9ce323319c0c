import type { Application } from '@plumbline/apis';
import { connectKube, type KubeOptions } from '../../core/kube-access.ts';
import { table } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';
import {
  allApplications,
  applicationsOf,
  clustersLike,
  type DeclaredCluster,
  declaredClusters,
} from './cluster-facts.ts';

interface StatsOptions extends KubeOptions {
  shard?: number;
  replicas?: number;
}

interface Stats {
  cluster: DeclaredCluster;
  shard: number;
  applications: Application[];
  objects: number;
}

/** One controller cares for every cluster, unless a Secret says which shard does. */
async function statsOf(options: StatsOptions, pattern: string): Promise<Stats[]> {
  const { client, namespace } = await connectKube(options);
  const all = await allApplications(client);
  return clustersLike(pattern, await declaredClusters(client, namespace))
    .map((cluster) => {
      const applications = applicationsOf(cluster, all);
      const objects = applications.reduce((sum, { status }) => sum + (status?.resources ?? []).length, 0);
      return { cluster, shard: cluster.shard ?? 0, applications, objects };
    })
    .filter(({ shard }) => options.shard === undefined || options.shard < 0 || shard === options.shard);
}

/** `plumb admin cluster stats`. */
export async function clusterStats(
  terminal: Terminal,
  pattern: string | undefined,
  options: StatsOptions,
): Promise<void> {
  const rows = (await statsOf(options, pattern ?? '*')).map(({ cluster, shard, applications, objects }) => [
    ...[cluster.server, cluster.name, String(shard), cluster.namespaces.join(',') || '*'],
    ...[String(applications.length), String(objects)],
  ]);
  terminal.out(table(['SERVER', 'NAME', 'SHARD', 'NAMESPACES', 'APPS', 'RESOURCES'], rows));
}

/** `plumb admin cluster shards`: what each controller cares for. */
export async function clusterShards(terminal: Terminal, options: StatsOptions): Promise<void> {
  const stats = await statsOf(options, '*');
  const total = stats.reduce((sum, { objects }) => sum + objects, 0);
  const shards = Map.groupBy(stats, ({ shard }) => shard);
  const rows = [...shards]
    .sort(([a], [b]) => a - b)
    .map(([shard, own]) => {
      const objects = own.reduce((sum, one) => sum + one.objects, 0);
      const part = total > 0 ? `${Math.round((100 * objects) / total)} %` : '-';
      return [String(shard), String(own.length), String(objects), part];
    });
  terminal.out(table(['SHARD', 'CLUSTERS', 'RESOURCES', 'PART'], rows));
}
