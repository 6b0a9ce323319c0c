import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, countAt, fieldsAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Its state in Kafka Connect; tasks that have failed count. */
export const confluentConnector: HealthCheck = (object) => {
  const [state, running] = [textAt(object, 'status', 'state'), textAt(object, 'status', 'connectorState')];
  const counted = fieldsAt(object, 'status')['failedTasksCount'] !== undefined;
  if (state === 'CREATED' && running === 'RUNNING' && !counted) return healthy();
  if (state === 'ERROR') return degraded(conditionsOf(object)[0]?.message || state);
  const failed = state !== '' && countAt(object, 'status', 'failedTasksCount') > 0;
  return failed ? degraded('Some of its tasks have failed') : progressing('Waiting for the connector');
};
