import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** What the operator says; older versions write numbers. */
export const istioOperator: HealthCheck = firstOf(
  'Waiting for the operator',
  byWord(['status', 'status'], {
    NONE: 'Unknown',
    UPDATING: 'Progressing',
    RECONCILING: 'Progressing',
    HEALTHY: 'Healthy',
    ERROR: 'Degraded',
  }),
);
