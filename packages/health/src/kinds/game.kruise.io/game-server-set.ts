import type { HealthCheck } from '../../health-check.ts';
import { countAt, fieldsAt, numberAt, trueAt } from '../../read.ts';
import { healthy, progressing, suspended } from '../../verdict.ts';

/** Healthy when all game servers are updated and ready; a partition that is reached waits for its owner. */
export const gameServerSet: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  if (seen === undefined || seen !== numberAt(object, 'metadata', 'generation')) {
    return progressing('Waiting for the spec to be seen');
  }
  const rolling = fieldsAt(object, 'spec', 'updateStrategy', 'rollingUpdate');
  if (trueAt(rolling, 'paused')) return suspended('The rollout is paused');
  const count = (name: string) => countAt(object, 'status', name);
  const partition = countAt(rolling, 'partition');
  if (partition !== 0 && count('updatedReplicas') >= count('replicas') - partition) {
    return suspended('The rollout waits for its owner');
  }
  if (count('updatedReadyReplicas') === count('replicas')) return healthy();
  return progressing(`${count('readyReplicas')} of ${count('replicas')} game servers are ready`);
};
