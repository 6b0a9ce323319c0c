import type { HealthCheck } from '../../health-check.ts';
import { numberAt } from '../../read.ts';
import { healthy, progressing } from '../../verdict.ts';

/** Whether all nodes have joined. */
export const zookeeperCluster: HealthCheck = (object) => {
  const ready = numberAt(object, 'status', 'readyReplicas');
  const wanted = numberAt(object, 'status', 'replicas');
  return ready !== undefined && ready > 0 && ready === wanted
    ? healthy('All nodes have joined')
    : progressing(`${ready ?? 0} of ${wanted ?? 'unknown'} nodes have joined`);
};
