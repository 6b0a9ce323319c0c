import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the user as declared. */
export const rabbitmqUser: HealthCheck = topologyHealth('user');
