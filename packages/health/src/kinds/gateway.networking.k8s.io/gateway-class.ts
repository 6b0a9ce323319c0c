import type { HealthCheck } from '../../health-check.ts';
import { listAt, numberAt, toCondition } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';
import { isCurrent } from './gateway-conditions.ts';

/** Whether a controller takes Gateways of the class. */
export const gatewayClass: HealthCheck = (object) => {
  const generation = numberAt(object, 'metadata', 'generation');
  const accepted = listAt(object, 'status', 'conditions').find(
    (entry) => entry['type'] === 'Accepted' && isCurrent({ conditions: [entry] }, generation),
  );
  const { status, message } = toCondition(accepted ?? {});
  if (status === 'True') return healthy(message);
  return status === 'False' ? degraded(message) : progressing(message || 'Waiting for a controller to take the class');
};
