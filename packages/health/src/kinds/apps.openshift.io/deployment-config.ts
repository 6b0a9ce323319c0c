import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, fieldsAt, numberAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const waiting = 'Waiting for Pods to run';

/** Available, and the newest controller in place. */
export const deploymentConfig: HealthCheck = (object) => {
  const replicas = numberAt(object, 'status', 'replicas');
  const conditions = conditionsOf(object);
  if (replicas === undefined || fieldsAt(object, 'status')['conditions'] === undefined) return progressing(waiting);
  const good = conditions.filter(
    ({ type, status, reason }) =>
      status === 'True' &&
      (type === 'Available' || (type === 'Progressing' && reason === 'NewReplicationControllerAvailable')),
  );
  if (good.length === 2 || replicas === 0) return healthy('The rollout is complete');
  return good.length === 1 ? progressing(waiting) : degraded(conditions.at(-1)?.message);
};
