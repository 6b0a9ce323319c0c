import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Degraded when it cannot be computed. Not being allowed to disrupt anything now can be intended. */
export const podDisruptionBudget: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  const failed = conditions.find(({ status, reason }) => status === 'False' && reason !== 'InsufficientPods');
  if (failed) return degraded(explain(failed));
  const last = conditions.at(-1);
  return last ? healthy(last.reason) : progressing('Waiting for the first count of Pods');
};
