import type { HealthCheck } from '../health-check.ts';
import { listAt, textAt, trueAt } from '../read.ts';
import { degraded, healthy, progressing, suspended } from '../verdict.ts';

/**
 * Judged by the last run: the times are RFC 3339 in UTC as the API server writes them, so text order is time order.
 */
export const cronJob: HealthCheck = (object) => {
  if (trueAt(object, 'spec', 'suspend')) return suspended('CronJob is suspended');
  if (listAt(object, 'status', 'active').length > 0) return progressing('The Job of the last schedule is running');
  const scheduled = textAt(object, 'status', 'lastScheduleTime');
  if (!scheduled) return healthy('CronJob has not been scheduled yet');
  return textAt(object, 'status', 'lastSuccessfulTime') >= scheduled
    ? healthy('The Job of the last schedule has succeeded')
    : degraded('The Job of the last schedule has not succeeded');
};
