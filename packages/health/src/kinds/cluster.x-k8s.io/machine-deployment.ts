import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf, suspendedBy } from '../../steps.ts';

/** Its phase. */
export const machineDeployment: HealthCheck = firstOf(
  'Waiting for machines',
  suspendedBy(['spec', 'paused'], 'The deployment of machines is paused'),
  byWord(['status', 'phase'], {
    Running: 'Healthy',
    Failed: 'Degraded',
    ScalingUp: 'Progressing',
    ScalingDown: 'Progressing',
  }),
);
