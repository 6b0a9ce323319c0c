import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the binding as declared. */
export const rabbitmqBinding: HealthCheck = topologyHealth('binding');
