import type { HealthCheck } from '../../health-check.ts';
import { kedaHealth } from './keda-health.ts';

/** Scaling works; a fallback means that a metric cannot be read. */
export const scaledObject: HealthCheck = kedaHealth({
  failing: [
    ['Ready', 'False'],
    ['Fallback', 'True'],
  ],
  waiting: 'Waiting for the autoscaler',
});
