import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the policy has chosen a tag. */
export const fluxImagePolicy: HealthCheck = fluxHealth({
  while: ['NewGeneration', 'AccessingRepository', 'ApplyingPolicy'],
  suspends: false,
});
