import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the resources are in every cluster that matches. */
export const clusterResourceSet: HealthCheck = firstOf(
  'Waiting for the resources to be applied',
  readiness('ResourcesApplied'),
);
