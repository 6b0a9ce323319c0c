import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the last release is installed or upgraded; its tests may stand in for that. */
export const fluxHelmRelease: HealthCheck = fluxHealth({ also: ['Released', 'TestSuccess'] });
