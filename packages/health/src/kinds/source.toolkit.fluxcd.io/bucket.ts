import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the newest artifact is fetched and stored. */
export const fluxBucket: HealthCheck = fluxHealth({ also: ['ArtifactInStorage'] });
