import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Its phase. */
export const jaeger: HealthCheck = firstOf(
  'Waiting for the operator',
  byWord(['status', 'phase'], { Running: 'Healthy', Failed: 'Degraded' }),
);
