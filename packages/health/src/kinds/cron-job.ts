import type { HealthCheck } from '../health-check.ts';
import { listAt, textAt, trueAt } from '../read.ts';
import { degraded, healthy, progressing } from '../verdict.ts';

/**
 * Degraded only when the last run is known to have failed. A suspended CronJob is as its owner wants it, and must not hold
 * up a sync: Healthy, as in Argo CD. The times are RFC 3339 in UTC as the API server writes them: text order is time order.
 */
export const cronJob: HealthCheck = (object) => {
  if (trueAt(object, 'spec', 'suspend')) return healthy('CronJob is suspended');
  if (object['status'] === undefined) {
    return progressing('Waiting for the CronJob to be seen');
  }
  const scheduled = textAt(object, 'status', 'lastScheduleTime');
  if (!scheduled) return healthy('CronJob has not been scheduled yet');
  const succeeded = textAt(object, 'status', 'lastSuccessfulTime');
  if (!succeeded) return healthy('No Job of the CronJob has succeeded yet');
  if (listAt(object, 'status', 'active').length > 0) return healthy('The Job of the last schedule is running');
  return succeeded >= scheduled
    ? healthy('The Job of the last schedule has succeeded')
    : degraded('The Job of the last schedule has not succeeded');
};
