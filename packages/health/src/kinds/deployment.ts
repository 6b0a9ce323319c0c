import type { HealthCheck } from '../health-check.ts';
import { conditionOf, countAt, numberAt, specObserved, textAt, trueAt } from '../read.ts';
import { degraded, healthy, progressing, suspended } from '../verdict.ts';

/** Healthy when every replica is updated, available, and no old one is left. */
export const deployment: HealthCheck = (object) => {
  if (trueAt(object, 'spec', 'paused')) return suspended('Deployment is paused');
  if (!specObserved(object)) {
    return progressing('Waiting for rollout to finish: observed deployment generation less than desired generation');
  }
  if (conditionOf(object, 'Progressing')?.reason === 'ProgressDeadlineExceeded') {
    return degraded(`Deployment "${textAt(object, 'metadata', 'name')}" exceeded its progress deadline`);
  }
  const wanted = numberAt(object, 'spec', 'replicas');
  const updated = countAt(object, 'status', 'updatedReplicas');
  const total = countAt(object, 'status', 'replicas');
  const available = countAt(object, 'status', 'availableReplicas');
  const waiting = (what: string) => progressing(`Waiting for rollout to finish: ${what}...`);
  if (wanted !== undefined && updated < wanted) {
    return waiting(`${updated} out of ${wanted} new replicas have been updated`);
  }
  if (total > updated) return waiting(`${total - updated} old replicas are pending termination`);
  if (available < updated) return waiting(`${available} of ${updated} updated replicas are available`);
  return healthy();
};
