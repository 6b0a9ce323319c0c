import type { HealthCheck } from '../../health-check.ts';
import { byConditions, firstOf } from '../../steps.ts';

const outcome = byConditions(
  { type: 'Available', status: 'True', verdict: 'Healthy' },
  { type: 'Degraded', status: 'True', verdict: 'Degraded' },
  { type: 'Progressing', status: 'True', verdict: 'Progressing' },
  { type: 'Ignored', status: 'True', verdict: 'Suspended' },
);

/** What has become of the configuration on the nodes. */
export const nodeNetworkConfigurationPolicy: HealthCheck = firstOf('Waiting for the nodes to be configured', outcome);
