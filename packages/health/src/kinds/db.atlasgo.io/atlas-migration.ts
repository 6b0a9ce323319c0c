import type { HealthCheck } from '../../health-check.ts';
import { atlasHealth } from './atlas-health.ts';

/** Whether the database is as declared. */
export const atlasMigration: HealthCheck = atlasHealth;
