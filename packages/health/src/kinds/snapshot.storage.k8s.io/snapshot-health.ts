import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Ready to use, failed, or being taken. */
export const snapshotHealth: HealthCheck = (object) => {
  if (trueAt(object, 'status', 'readyToUse')) return healthy('Ready to use');
  const error = fieldsAt(object, 'status', 'error');
  return Object.keys(error).length > 0 ? degraded(textAt(error, 'message')) : progressing('Waiting for the snapshot');
};
