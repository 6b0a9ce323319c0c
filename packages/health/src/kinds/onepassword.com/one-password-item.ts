import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the item was read from its vault. */
export const onePasswordItem: HealthCheck = firstOf('Waiting for the item to be read', readiness());
