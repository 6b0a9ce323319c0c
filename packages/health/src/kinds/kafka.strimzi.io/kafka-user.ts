import type { HealthCheck } from '../../health-check.ts';
import { firstOf } from '../../steps.ts';
import { strimziReadiness } from './strimzi-readiness.ts';

/** Whether the user is as declared. */
export const kafkaUser: HealthCheck = firstOf('Waiting for the user', strimziReadiness);
