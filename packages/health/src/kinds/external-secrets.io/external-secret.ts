import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the last look into the store gave the values. */
export const externalSecret: HealthCheck = firstOf('Waiting for the values to be fetched', readiness());
