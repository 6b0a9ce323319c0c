import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the integration runs. */
export const integration: HealthCheck = firstOf('Waiting for the integration to be built', readiness());
