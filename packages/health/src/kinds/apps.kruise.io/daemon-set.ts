import type { HealthCheck } from '../../health-check.ts';
import { countAt, fieldsAt, numberAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** Healthy when every node runs the newest Pods; a partition that is reached waits for its owner. */
export const kruiseDaemonSet: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  if (seen === undefined || seen !== numberAt(object, 'metadata', 'generation')) {
    return progressing('Waiting for the spec to be seen');
  }
  const rolling = fieldsAt(object, 'spec', 'updateStrategy', 'rollingUpdate');
  const count = (name: string) => countAt(object, 'status', name);
  const updated = numberAt(object, 'status', 'updatedNumberScheduled');
  if (trueAt(rolling, 'paused') || updated === undefined) return suspended('The rollout is paused');
  const desired = count('desiredNumberScheduled');
  const partition = countAt(rolling, 'partition');
  if (partition !== 0 && countAt(object, 'metadata', 'generation') > 1) {
    return updated > desired - partition
      ? suspended('The rollout waits for its owner')
      : progressing('The rollout is under way');
  }
  if (updated === desired && numberAt(object, 'status', 'numberAvailable') === desired) return healthy();
  if (updated === desired && count('numberUnavailable') === desired) return degraded('No Pod is available');
  return progressing('The rollout is under way');
};
