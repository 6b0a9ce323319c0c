import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { firstOf } from '../../steps.ts';
import { degraded, healthy } from '../../verdict.ts';

/** Whether the server has the user. */
export const mariaDbUser: HealthCheck = firstOf('Waiting for the operator', (object) => {
  const ready = conditionOf(object, 'Ready');
  if (!ready) return undefined;
  return ready.status === 'True' ? healthy(ready.message) : degraded(ready.message);
});
