import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Its phase. */
export const objectBucketClaim: HealthCheck = firstOf(
  'Waiting for a bucket',
  byWord(['status', 'phase'], { Bound: 'Healthy', Failed: 'Degraded' }),
);
