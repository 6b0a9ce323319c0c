import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Every condition must hold. */
export const grafanaFolder: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  const failed = conditions.find(({ status }) => status === 'False');
  if (failed) return degraded(explain(failed));
  const good = conditions.find(({ status }) => status === 'True');
  return good ? healthy(good.reason) : progressing('Waiting for a Grafana to take the folder');
};
