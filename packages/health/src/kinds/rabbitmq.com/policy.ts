import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the policy as declared. */
export const rabbitmqPolicy: HealthCheck = topologyHealth('policy');
