import type { HealthCheck } from '../health-check.ts';
import { conditionOf, countAt, numberAt, specObserved } from '../read.ts';
import { degraded, healthy, progressing } from '../verdict.ts';

/** Healthy when the wanted number of replicas is available; Degraded when pods cannot be created (a quota, a policy). */
export const replicaSet: HealthCheck = (object) => {
  if (!specObserved(object)) {
    return progressing('Waiting for rollout to finish: observed replica set generation less than desired generation');
  }
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return degraded(failure.message);
  const wanted = numberAt(object, 'spec', 'replicas');
  const available = countAt(object, 'status', 'availableReplicas');
  if (wanted !== undefined && available < wanted) {
    return progressing(`Waiting for rollout to finish: ${available} out of ${wanted} new replicas are available...`);
  }
  return healthy();
};
