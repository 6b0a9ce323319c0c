import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { healthy, progressing } from '../../verdict.ts';

/** Whether the policy is in force. */
export const kyvernoPolicy: HealthCheck = (object) => {
  const ready = conditionOf(object, 'Ready');
  const serving = ready?.status === 'True' && ready.reason === 'Succeeded' && ready.message === 'Ready';
  return serving ? healthy('The policy is ready') : progressing(ready?.message || 'Waiting for the policy to be ready');
};
