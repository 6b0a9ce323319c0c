import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether Coralogix has it. */
export const alert: HealthCheck = firstOf('Waiting for the alert to be stored', readiness('RemoteSynced'));
