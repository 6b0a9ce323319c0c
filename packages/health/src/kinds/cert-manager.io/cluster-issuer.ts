import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the issuer can sign. */
export const clusterIssuer: HealthCheck = firstOf('The issuer is being set up', readiness());
