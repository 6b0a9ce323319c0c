import type { HealthCheck } from '../../health-check.ts';
import { conditionOf, fieldsAt } from '../../read.ts';
import { firstOf } from '../../steps.ts';
import { degraded, healthy } from '../../verdict.ts';

/** Healthy when all of its deployments are ready; else what its condition says. */
export const apiManager: HealthCheck = firstOf('Waiting for the deployments of 3scale', (object) => {
  const { ready, starting, stopped } = fieldsAt(object, 'status', 'deployments');
  if (ready !== undefined && starting === undefined && stopped === undefined) return healthy();
  const available = conditionOf(object, 'Available');
  if (available?.status === 'True') return healthy();
  return available?.reason ? degraded(available.reason) : undefined;
});
