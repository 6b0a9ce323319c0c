import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether nodes can be launched for the pool. */
export const nodePool: HealthCheck = firstOf('Waiting for the node pool to be ready', readiness());
