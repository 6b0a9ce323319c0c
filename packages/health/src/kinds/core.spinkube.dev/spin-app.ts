import type { HealthCheck } from '../../health-check.ts';
import { type Condition, conditionsOf, countAt, fieldsAt, numberAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

function hasFailed({ type, status, reason, message }: Condition): boolean {
  if (type !== 'Progressing' || status !== 'False') return false;
  return reason === 'ProgressDeadlineExceeded' || /timeout|failed/i.test(message);
}

/** Like a Deployment, told by its conditions and replicas. */
export const spinApp: HealthCheck = (object) => {
  if (fieldsAt(object)['status'] === undefined) return progressing('Waiting for a status');
  const conditions = conditionsOf(object);
  const failure = conditions.find(hasFailed);
  if (failure) return degraded(failure.message);
  const available = conditions.findLast(({ type }) => type === 'Available');
  if (available?.status !== 'True') return degraded(available?.message || 'The application is not available');
  const [ready, wanted] = [countAt(object, 'status', 'readyReplicas'), numberAt(object, 'spec', 'replicas') ?? 1];
  if (ready < wanted) return progressing(`${ready} of ${wanted} replicas are ready`);
  const moving = conditions.find(({ type, status }) => type === 'Progressing' && status === 'True');
  return moving ? progressing(moving.message) : healthy();
};
