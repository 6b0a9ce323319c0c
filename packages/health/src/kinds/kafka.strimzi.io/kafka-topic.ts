import type { HealthCheck } from '../../health-check.ts';
import { firstOf } from '../../steps.ts';
import { strimziReadiness } from './strimzi-readiness.ts';

/** Whether the topic is as declared. */
export const kafkaTopic: HealthCheck = firstOf('Waiting for the topic', strimziReadiness);
