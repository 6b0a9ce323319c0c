import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, listAt, textAt, toCondition } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Azure Service Operator, `*.azure.com`: what is not ready is on its way unless the condition calls it an error. */
export const azureServiceOperator: HealthCheck = (object) => {
  if (fieldsAt(object)['status'] === undefined) return progressing('Waiting for the operator');
  const entry = listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  if (!entry) return healthy();
  const ready = toCondition(entry);
  if (ready.status === 'True') return healthy(ready.message);
  const failed = ready.status === 'False' && textAt(entry, 'severity') === 'Error';
  return failed ? degraded(explain(ready)) : progressing(explain(ready));
};
