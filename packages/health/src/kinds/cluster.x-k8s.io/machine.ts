import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Its phase; why it is not running stands in its condition Ready. */
export const machine: HealthCheck = firstOf(
  'Waiting for the machine',
  byWord(['status', 'phase'], { Running: 'Healthy', Failed: 'Degraded' }, (phase, object) =>
    phase === 'Running' ? 'The machine runs' : (conditionOf(object, 'Ready')?.message ?? ''),
  ),
);
