import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the permission as declared. */
export const rabbitmqPermission: HealthCheck = topologyHealth('permission');
