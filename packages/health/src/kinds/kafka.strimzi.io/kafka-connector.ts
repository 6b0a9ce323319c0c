import type { HealthCheck } from '../../health-check.ts';
import { firstOf } from '../../steps.ts';
import { strimziReadiness } from './strimzi-readiness.ts';

/** Whether the connector is as declared. */
export const kafkaConnector: HealthCheck = firstOf('Waiting for the connector', strimziReadiness);
