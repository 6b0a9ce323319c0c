import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the store can be reached with its credentials. */
export const clusterSecretStore: HealthCheck = firstOf('Waiting for the store to be validated', readiness());
