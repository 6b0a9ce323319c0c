import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the receiver has its address; there is nothing to wait for. */
export const fluxReceiver: HealthCheck = fluxHealth({ while: [] });
