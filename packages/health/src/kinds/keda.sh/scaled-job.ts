import type { HealthCheck } from '../../health-check.ts';
import { kedaHealth } from './keda-health.ts';

/** Jobs are started as the triggers want it. */
export const scaledJob: HealthCheck = kedaHealth({
  failing: [
    ['Ready', 'False'],
    ['Ready', 'Unknown'],
  ],
  waiting: 'Waiting for the first look at the triggers',
});
