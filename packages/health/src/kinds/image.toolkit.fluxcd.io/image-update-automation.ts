import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the last update is committed. */
export const fluxImageUpdateAutomation: HealthCheck = fluxHealth();
