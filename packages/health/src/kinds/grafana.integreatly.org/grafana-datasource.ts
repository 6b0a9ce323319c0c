import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether a Grafana has taken it. */
export const grafanaDatasource: HealthCheck = (object) => {
  const status = fieldsAt(object, 'status');
  if (Object.keys(status).length === 0 || status['uid'] === '') return progressing('Waiting for a Grafana to take it');
  return trueAt(status, 'NoMatchingInstances') ? degraded('No Grafana matches') : healthy();
};
