import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, countAt } from '../../read.ts';
import { firstOf } from '../../steps.ts';
import { degraded, healthy, suspended } from '../../verdict.ts';

/** Ready or stalled; one that is scaled to nothing rests. */
export const openFaasFunction: HealthCheck = firstOf('Waiting for the function', (object) => {
  for (const { type, status, message } of conditionsOf(object)) {
    const bad = (type === 'Ready' && status === 'False') || (type === 'Stalled' && status === 'True');
    if (bad) return degraded(message);
    if (type === 'Ready' && status === 'True') {
      return countAt(object, 'status', 'replicas') > 0 ? healthy(message) : suspended('It has no replicas');
    }
  }
  return undefined;
});
