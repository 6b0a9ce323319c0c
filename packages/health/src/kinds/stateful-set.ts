import type { HealthCheck } from '../health-check.ts';
import { countAt, fieldsAt, numberAt, specObserved, textAt } from '../read.ts';
import { healthy, progressing } from '../verdict.ts';

/** Healthy when all pods are ready and the update strategy has done all it will do by itself. */
export const statefulSet: HealthCheck = (object) => {
  if (countAt(object, 'status', 'observedGeneration') === 0 || !specObserved(object)) {
    return progressing('Waiting for statefulset spec update to be observed...');
  }
  const wanted = numberAt(object, 'spec', 'replicas');
  const ready = countAt(object, 'status', 'readyReplicas');
  const updated = countAt(object, 'status', 'updatedReplicas');
  const strategy = fieldsAt(object, 'spec', 'updateStrategy');
  const type = textAt(strategy, 'type');
  if (wanted !== undefined && ready < wanted) return progressing(`Waiting for ${wanted - ready} pods to be ready...`);
  if (type === 'RollingUpdate' && strategy['rollingUpdate'] !== undefined) {
    const partition = numberAt(strategy, 'rollingUpdate', 'partition');
    const share = (wanted ?? 0) - (partition ?? 0);
    if (wanted !== undefined && partition !== undefined && updated < share) {
      return progressing(
        `Waiting for partitioned roll out to finish: ${updated} out of ${share} new pods have been updated...`,
      );
    }
    return healthy(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (type === 'OnDelete') return healthy(`statefulset has ${ready} ready pods`);
  const target = textAt(object, 'status', 'updateRevision');
  if (target !== textAt(object, 'status', 'currentRevision')) {
    return progressing(`waiting for statefulset rolling update to complete ${updated} pods at revision ${target}...`);
  }
  const current = countAt(object, 'status', 'currentReplicas');
  return healthy(`statefulset rolling update complete ${current} pods at revision ${target}...`);
};
