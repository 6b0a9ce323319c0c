import type { HealthCheck } from '../health-check.ts';
import { listAt } from '../read.ts';
import { healthy, progressing } from '../verdict.ts';

/** Healthy as soon as an ingress controller has written an address. */
export const ingress: HealthCheck = (object) =>
  listAt(object, 'status', 'loadBalancer', 'ingress').length > 0
    ? healthy()
    : progressing('Waiting for an ingress controller to write an address');
