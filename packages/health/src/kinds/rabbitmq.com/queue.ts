import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the queue as declared. */
export const rabbitmqQueue: HealthCheck = topologyHealth('queue');
