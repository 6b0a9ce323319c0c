import type { HealthCheck } from '../../health-check.ts';
import { listAt, textAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** Whether it runs, or has run. */
export const advancedCronJob: HealthCheck = (object) => {
  const scheduled = textAt(object, 'status', 'lastScheduleTime') !== '';
  if (!scheduled && trueAt(object, 'spec', 'paused')) return suspended('It is paused');
  if (listAt(object, 'status', 'active').length > 0) return progressing('A run is active');
  return scheduled ? healthy('It has been scheduled') : degraded('It has never been scheduled');
};
