import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { firstOf } from '../../steps.ts';
import { strimziReadiness } from './strimzi-readiness.ts';

/** A cluster that is not ready because it is being created has not failed. */
export const kafka: HealthCheck = firstOf('Waiting for the Kafka cluster', (object) => {
  const creating = conditionsOf(object).some(({ type, reason }) => type === 'NotReady' && reason === 'Creating');
  return creating ? undefined : strimziReadiness(object);
});
