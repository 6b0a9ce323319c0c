import type { HealthCheck } from '../../health-check.ts';
import { byConditions, firstOf } from '../../steps.ts';

const outcome = byConditions(
  { type: 'Successful', status: 'True', verdict: 'Healthy' },
  { type: 'Failure', status: 'True', verdict: 'Degraded' },
);

/** What the operator has come to. */
export const kiali: HealthCheck = firstOf('Waiting for the operator', outcome);
