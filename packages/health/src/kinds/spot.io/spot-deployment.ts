import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, fieldsAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

const failures = ['RolloutAborted', 'ProgressDeadlineExceeded'];

/** Rollouts of Spot (Ocean CD). */
export const spotDeployment: HealthCheck = (object) => {
  if (fieldsAt(object, 'status')['conditions'] === undefined) return progressing('Waiting for a status');
  for (const { type, status, reason, message } of conditionsOf(object)) {
    const failed = type === 'InvalidSpec' || (type === 'Progressing' && failures.includes(reason));
    if (failed) return degraded(message || reason);
    if (type === 'Paused' && status === 'True') return suspended('The rollout is paused');
  }
  return textAt(object, 'status', 'phase') === 'Progressing' ? progressing('The rollout is under way') : healthy();
};
