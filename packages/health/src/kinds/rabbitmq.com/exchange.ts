import type { HealthCheck } from '../../health-check.ts';
import { topologyHealth } from './topology-health.ts';

/** Whether the broker has the exchange as declared. */
export const rabbitmqExchange: HealthCheck = topologyHealth('exchange');
