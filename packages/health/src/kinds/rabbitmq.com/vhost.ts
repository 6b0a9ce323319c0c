import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the vhost as declared. */
export const rabbitmqVhost: HealthCheck = topologyHealth('vhost');
