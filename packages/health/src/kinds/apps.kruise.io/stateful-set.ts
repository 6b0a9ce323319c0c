import type { HealthCheck } from '../../health-check.ts';
import { countAt, fieldsAt, numberAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** Healthy when all replicas are updated and available; a partition waits for its owner. */
export const kruiseStatefulSet: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const current = seen !== undefined && seen === numberAt(object, 'metadata', 'generation');
  const strategy = fieldsAt(object, 'spec', 'updateStrategy', 'rollingUpdate');
  if (!current) return progressing('Waiting for the spec to be seen');
  const available = numberAt(object, 'status', 'updatedAvailableReplicas');
  if (trueAt(strategy, 'paused') || available === undefined) return suspended('The rollout is paused');
  const partition = strategy['partition'];
  if (partition !== 0 && countAt(object, 'metadata', 'generation') > 1) {
    return countAt(object, 'status', 'updatedReplicas') >
      countAt(object, 'status', 'replicas') - countAt(strategy, 'partition')
      ? suspended('The rollout waits for its owner')
      : progressing('The rollout is under way');
  }
  return available === countAt(object, 'status', 'replicas') ? healthy() : degraded('Some replicas are not available');
};
