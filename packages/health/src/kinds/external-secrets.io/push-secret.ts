import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the last push to the stores worked. */
export const pushSecret: HealthCheck = firstOf('Waiting for the values to be pushed', readiness());
