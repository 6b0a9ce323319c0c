import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the tags are scanned. */
export const fluxImageRepository: HealthCheck = fluxHealth({ while: ['NewGeneration', 'Scanning'] });
