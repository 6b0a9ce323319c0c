export { aggregateHealth, type HealthItem } from './aggregate.ts';
export { assessHealth } from './assess.ts';
export type { CelCase } from './cel/cel-check.ts';
export { createHealth, type Health } from './create-health.ts';
export type { HealthCheck } from './health-check.ts';
export { healthOrder, isHealthStatusCode, isWorse, worse } from './order.ts';
export { healthCheckOf } from './registry.ts';
export type { ActionDefinition, ActionRule, HealthRule, RuleTarget } from './rules.ts';
export type { HealthStatus, HealthStatusCode } from './types.ts';
