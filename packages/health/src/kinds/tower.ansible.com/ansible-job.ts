import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** The result of the job. */
export const ansibleJob: HealthCheck = firstOf(
  'Waiting for the job',
  byWord(['status', 'ansibleJobResult', 'status'], {
    successful: 'Healthy',
    failed: 'Degraded',
    error: 'Degraded',
    canceled: 'Degraded',
  }),
);
