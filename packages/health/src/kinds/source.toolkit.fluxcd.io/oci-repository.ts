import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether the newest artifact is fetched and stored. */
export const fluxOCIRepository: HealthCheck = fluxHealth({ also: ['ArtifactInStorage'] });
