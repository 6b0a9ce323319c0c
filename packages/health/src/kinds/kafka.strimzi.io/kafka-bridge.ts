import type { HealthCheck } from '../../health-check.ts';
import { firstOf } from '../../steps.ts';
import { strimziReadiness } from './strimzi-readiness.ts';

/** Whether the bridge is as declared. */
export const kafkaBridge: HealthCheck = firstOf('Waiting for the bridge', strimziReadiness);
