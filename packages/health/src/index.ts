export { aggregateHealth, type HealthItem } from './aggregate.ts';
export { assessHealth } from './assess.ts';
export type { HealthCheck } from './health-check.ts';
export { healthOrder, isWorse, worse } from './order.ts';
export { healthCheckOf } from './registry.ts';
export type { HealthStatus, HealthStatusCode } from './types.ts';
