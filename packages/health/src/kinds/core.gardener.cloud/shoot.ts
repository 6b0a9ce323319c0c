import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Gardener sums a cluster up in a label. */
export const shoot: HealthCheck = firstOf(
  'Waiting for Gardener',
  byWord(['metadata', 'labels', 'shoot.gardener.cloud/status'], {
    healthy: 'Healthy',
    progressing: 'Progressing',
    unhealthy: 'Degraded',
    unknown: 'Unknown',
  }),
);
