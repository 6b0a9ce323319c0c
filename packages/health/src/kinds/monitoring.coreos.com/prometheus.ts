import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether all instances are available; some Pods not being ready is on the way. */
export const prometheus: HealthCheck = (object) => {
  const available = conditionOf(object, 'Available');
  if (!available) return progressing('Waiting for the operator');
  if (available.status === 'True') return healthy('All instances are available');
  const message = explain(available);
  return available.reason === 'SomePodsNotReady' ? progressing(message) : degraded(message);
};
