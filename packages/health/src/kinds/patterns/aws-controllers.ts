import { byConditions, firstOf } from '../../steps.ts';

/** AWS Controllers for Kubernetes, `*.services.k8s.aws`: not being ready is normal for long; only `ACK.Terminal` is an end. */
export const awsControllers = firstOf(
  'Waiting for the resource to be ready',
  byConditions(
    { type: 'ACK.Terminal', status: 'True', verdict: 'Degraded' },
    { type: 'Ready', status: 'False', verdict: 'Progressing' },
    { type: 'Ready', status: 'True', verdict: 'Healthy', message: '' },
  ),
);
