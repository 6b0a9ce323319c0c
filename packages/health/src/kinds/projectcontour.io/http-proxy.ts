import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, listAt, numberAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether Contour takes it. One that includes others is not judged: they depend on each other. */
export const httpProxy: HealthCheck = (object) => {
  const description = textAt(object, 'status', 'description');
  const generation = numberAt(object, 'metadata', 'generation');
  const valid = listAt(object, 'status', 'conditions').find(
    (entry) => entry['type'] === 'Valid' && numberAt(entry, 'observedGeneration') === generation,
  );
  if (valid?.['status'] === 'True') return healthy(description);
  if (valid?.['status'] !== 'False') return progressing(description || 'Waiting for Contour');
  const includes = fieldsAt(object, 'spec')['includes'] !== undefined;
  return includes ? healthy('It depends on the proxies that it includes') : degraded(description);
};
