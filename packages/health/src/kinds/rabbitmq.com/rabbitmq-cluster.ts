import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Available and complete; nodes that are missing are waited for. */
export const rabbitmqCluster: HealthCheck = (object) => {
  const failed = conditionOf(object, 'ReconcileSuccess');
  if (failed?.status === 'False') return degraded(failed.message);
  const needed = [conditionOf(object, 'ClusterAvailable'), conditionOf(object, 'AllReplicasReady')];
  if (needed.every((condition) => condition?.status === 'True')) return healthy('All nodes of the cluster are ready');
  const lacking = needed.find((condition) => condition && condition.status !== 'True');
  return progressing(lacking?.message || 'Waiting for the nodes of the cluster');
};
