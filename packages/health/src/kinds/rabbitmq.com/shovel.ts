import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the shovel as declared. */
export const rabbitmqShovel: HealthCheck = topologyHealth('shovel');
