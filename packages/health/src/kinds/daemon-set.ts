import type { HealthCheck } from '../health-check.ts';
import { countAt, specObserved, textAt } from '../read.ts';
import { healthy, progressing } from '../verdict.ts';

/** Healthy when every chosen node runs an updated, available pod. */
export const daemonSet: HealthCheck = (object) => {
  if (!specObserved(object)) {
    return progressing('Waiting for rollout to finish: observed daemon set generation less than desired generation');
  }
  const wanted = countAt(object, 'status', 'desiredNumberScheduled');
  const updated = countAt(object, 'status', 'updatedNumberScheduled');
  const available = countAt(object, 'status', 'numberAvailable');
  const waiting = (what: string) =>
    progressing(`Waiting for daemon set "${textAt(object, 'metadata', 'name')}" rollout to finish: ${what}...`);
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return healthy(`daemon set ${updated} out of ${wanted} new pods have been updated`);
  }
  if (updated < wanted) return waiting(`${updated} out of ${wanted} new pods have been updated`);
  if (available < wanted) return waiting(`${available} of ${wanted} updated pods are available`);
  return healthy();
};
