import type { HealthCheck } from '../../health-check.ts';
import { type Fields, fieldsAt, listAt, textAt } from '../../read.ts';
import { healthy, progressing } from '../../verdict.ts';
import { gatewayConditions } from './gateway-conditions.ts';

const nameOf = (listener: Fields): string => `Listener ${textAt(listener, 'name')}: `;

/** The gateway itself and each of its listeners. */
export const gateway: HealthCheck = (object) => {
  const status = fieldsAt(object, 'status');
  const listeners = listAt(status, 'listeners');
  const problems = [gatewayConditions(status), ...listeners.map((entry) => gatewayConditions(entry, nameOf(entry)))];
  const problem = problems.find((entry) => entry !== undefined);
  if (problem) return problem;
  return status['conditions'] !== undefined || listeners.length > 0
    ? healthy('The gateway is programmed')
    : progressing('Waiting for a controller to take the gateway');
};
