import type { HealthCheck } from '../../health-check.ts';
import { listAt, numberAt, toCondition } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';
import { isCurrent } from './gateway-conditions.ts';

/** Each gateway concerned must accept the policy. */
export const backendTlsPolicy: HealthCheck = (object) => {
  const generation = numberAt(object, 'metadata', 'generation');
  const ancestors = listAt(object, 'status', 'ancestors');
  if (ancestors.some((ancestor) => !isCurrent(ancestor, generation)))
    return progressing('Waiting for a gateway to see it');
  const conditions = ancestors.flatMap((ancestor) => listAt(ancestor, 'conditions').map(toCondition));
  const failed = conditions.find(
    ({ type, status }) => (type === 'Accepted' || type === 'ResolvedRefs') && status !== 'True',
  );
  if (failed) return degraded(failed.message);
  return conditions.some(({ type }) => type === 'Accepted')
    ? healthy('The policy is accepted')
    : progressing('Waiting for a gateway to take the policy');
};
