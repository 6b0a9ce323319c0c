import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Its phase. */
export const cephObjectStore: HealthCheck = firstOf(
  'Waiting for the object store',
  byWord(['status', 'phase'], { Ready: 'Healthy', Failure: 'Degraded' }),
);
