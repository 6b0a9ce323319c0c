import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** What the last look into the store gave. */
export const kubernetesExternalSecret: HealthCheck = (object) => {
  const status = textAt(object, 'status', 'status');
  if (status === 'SUCCESS') return healthy('The values are fetched');
  return status.startsWith('ERROR') ? degraded(status.replace('ERROR, ', '')) : progressing('Waiting for the values');
};
