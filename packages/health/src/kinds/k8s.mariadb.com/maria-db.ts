import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Every condition must hold; one that does not is waited for, unless it has failed. */
export const mariaDb: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  const lacking = conditions.find(({ status }) => status === 'False');
  if (lacking) return lacking.reason === 'Failed' ? degraded(lacking.message) : progressing(lacking.message);
  const last = conditions.at(-1);
  return last ? healthy(last.message) : progressing('Waiting for the operator');
};
