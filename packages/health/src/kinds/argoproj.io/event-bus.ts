import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the bus is deployed. */
export const eventBus: HealthCheck = firstOf('Waiting for the bus to be deployed', readiness('Deployed'));
