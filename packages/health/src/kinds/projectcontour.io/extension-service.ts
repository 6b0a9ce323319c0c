import type { HealthCheck } from '../../health-check.ts';
import { listAt, numberAt, toCondition } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether Contour takes it. */
export const extensionService: HealthCheck = (object) => {
  const generation = numberAt(object, 'metadata', 'generation');
  const valid = listAt(object, 'status', 'conditions').find(
    (entry) => entry['type'] === 'Valid' && numberAt(entry, 'observedGeneration') === generation,
  );
  const { status, message } = toCondition(valid ?? {});
  if (status === 'True') return healthy(message);
  return status === 'False' ? degraded(message) : progressing('Waiting for Contour');
};
