import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const underWay = ['Reconciling', 'GettingDevDB'];

/** Ready; being worked on (which stands in the message or the reason of Ready); or failed. */
export const atlasHealth: HealthCheck = (object) => {
  const ready = conditionOf(object, 'Ready');
  if (!ready) return progressing('Waiting for the operator');
  if (ready.status === 'True') return healthy(ready.reason);
  return underWay.some((word) => word === ready.message || word === ready.reason)
    ? progressing(ready.reason)
    : degraded(explain(ready));
};
