import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Its phase. */
export const confluentConnect: HealthCheck = firstOf(
  'Waiting for the operator',
  byWord(['status', 'phase'], { RUNNING: 'Healthy', PROVISIONING: 'Progressing' }),
);
