import type { HealthCheck } from '../../health-check.ts';
import { byConditions, firstOf } from '../../steps.ts';

const outcome = byConditions(
  { type: 'Degraded', status: 'True', verdict: 'Degraded' },
  { type: 'DeploymentReplicasAllAvailable', status: 'False', verdict: 'Progressing' },
  { type: 'Progressing', status: 'True', verdict: 'Progressing' },
  { type: 'Available', status: 'True', verdict: 'Healthy' },
);

/** The first condition that says something. */
export const ingressController: HealthCheck = firstOf('Waiting for the operator', outcome);
