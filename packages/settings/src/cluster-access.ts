import type { ClusterAccess } from '@plumbline/cluster';
import type { DestinationCluster } from './types.ts';

/** How to connect to a destination; undefined: the control plane's own cluster, whose connection is there already. */
export function clusterAccess(cluster: DestinationCluster): ClusterAccess | undefined {
  if (cluster.secretName === undefined) return undefined;
  return { kind: 'secret', name: cluster.name, server: cluster.server, config: cluster.config };
}
