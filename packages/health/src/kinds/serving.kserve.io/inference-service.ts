import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, fieldsAt, textAt } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** The change from one model to the next, and every condition; only a change that has failed is a failure. */
export const inferenceService: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  if (fieldsAt(object, 'status')['conditions'] === undefined) return progressing('Waiting for a status');
  if (conditions.some(({ type, status }) => type === 'Stopped' && status === 'True')) return suspended('It is stopped');
  const lacking = conditions.filter(
    ({ type, status }) => status === 'Unknown' || (status === 'False' && type !== 'Stopped'),
  );
  const known = fieldsAt(object, 'status')['modelStatus'] !== undefined;
  const change = known ? textAt(object, 'status', 'modelStatus', 'transitionStatus') : 'UpToDate';
  if (lacking.length === 0 && change === 'UpToDate') return healthy();
  const parts = lacking.map((condition) => `${condition.type}: ${explain(condition)}`);
  const message = [...(change === 'UpToDate' ? [] : [`model: ${change}`]), ...parts].join(', ');
  return change === 'UpToDate' || change === 'InProgress' ? progressing(message) : degraded(message);
};
