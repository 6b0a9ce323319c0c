import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** The sentence in `status.currentState`. */
export const tenant: HealthCheck = firstOf(
  'Waiting for the tenant',
  byWord(['status', 'currentState'], {
    Initialized: 'Healthy',
    'Statefulset not controlled by operator': 'Degraded',
    'Another MinIO Tenant already exists in the namespace': 'Degraded',
    'Tenant credentials are not set properly': 'Degraded',
    'Different versions across MinIO Pools': 'Degraded',
    'Pool Decommissioning Not Allowed': 'Degraded',
  }),
);
