import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether the controller could decrypt it. */
export const sealedSecret: HealthCheck = firstOf('Waiting for the secret to be decrypted', readiness('Synced'));
