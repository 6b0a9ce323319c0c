import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether the spec is deployed. */
export const flinkDeployment: HealthCheck = (object) => {
  const reconciliation = fieldsAt(object, 'status', 'reconciliationStatus');
  if (trueAt(reconciliation, 'success') || textAt(reconciliation, 'state') === 'DEPLOYED') return healthy();
  const failed =
    Object.keys(reconciliation).length > 0 && textAt(object, 'status', 'jobManagerDeploymentStatus') === 'ERROR';
  return failed ? degraded(textAt(reconciliation, 'error')) : progressing('Waiting for the job manager');
};
