import { glooHealth } from '../../gloo-health.ts';
import type { HealthCheck } from '../../health-check.ts';

/** Whether Gloo takes it. */
export const glooVirtualService: HealthCheck = glooHealth;
