import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the last revision is applied. */
export const fluxKustomization: HealthCheck = fluxHealth();
