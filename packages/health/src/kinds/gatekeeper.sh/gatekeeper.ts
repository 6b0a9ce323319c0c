import type { HealthCheck } from '../../health-check.ts';
import { type Fields, fieldsAt, listAt, textAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Each Pod of Gatekeeper reports what it could not make use of. */
function errorIn(reports: readonly Fields[]): string | undefined {
  const [first] = reports.flatMap((report) => listAt(report, 'errors'));
  return first && (textAt(first, 'message') || textAt(first, 'code'));
}

/** Whether Gatekeeper could make a kind of constraint out of it. */
export const constraintTemplate: HealthCheck = (object) => {
  const error = errorIn(listAt(object, 'status', 'byPod'));
  if (error !== undefined) return degraded(error);
  return trueAt(object, 'status', 'created') ? healthy() : progressing('Waiting for Gatekeeper');
};

/** Whether Gatekeeper enforces it; what violates it is no fault of the constraint. */
export const constraint: HealthCheck = (object) => {
  const reports = listAt(object, 'status', 'byPod');
  const error = errorIn(reports);
  if (error !== undefined) return degraded(error);
  const known = reports.length > 0 && reports.every((report) => fieldsAt(report)['enforced'] !== false);
  return known ? healthy() : progressing('Waiting for Gatekeeper');
};
