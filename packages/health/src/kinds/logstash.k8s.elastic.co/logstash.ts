import type { HealthCheck } from '../../health-check.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Its colour. */
export const logstash: HealthCheck = firstOf(
  'Waiting for the pipelines',
  byWord(['status', 'health'], { green: 'Healthy', yellow: 'Progressing', red: 'Degraded' }),
);
