import type { HealthCheck } from '../../health-check.ts';
import { firstOf } from '../../steps.ts';
import { strimziReadiness } from './strimzi-readiness.ts';

/** Whether the Connect cluster is as declared. */
export const kafkaConnect: HealthCheck = firstOf('Waiting for the Connect cluster', strimziReadiness);
