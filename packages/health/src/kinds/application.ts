import type { HealthCheck } from '../health-check.ts';
import { healthOrder } from '../order.ts';
import { textAt } from '../read.ts';
import { progressing } from '../verdict.ts';

/**
 * A child Application is as healthy as it says, so that an app of apps shows what its children do and waves wait for
 * them. Argo CD counts children only when told to; this one does by default, on purpose.
 */
export const application: HealthCheck = (object) => {
  const said = textAt(object, 'status', 'health', 'status');
  const status = healthOrder.find((code) => code === said);
  if (!status) return progressing('Waiting for the Application to be reconciled');
  const message = textAt(object, 'status', 'health', 'message');
  return message ? { status, message } : { status };
};
