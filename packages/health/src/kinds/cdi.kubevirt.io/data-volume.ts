import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';
import type { HealthStatus } from '../../types.ts';
import { degraded } from '../../verdict.ts';

function failed(object: unknown): HealthStatus | undefined {
  const running = conditionOf(object, 'Running');
  return running?.status === 'False' && running.reason === 'Error' ? degraded(running.message) : undefined;
}

/** Its phase; a failing import says so in a condition. */
export const dataVolume: HealthCheck = firstOf(
  'Waiting for the data',
  byWord(['status', 'phase'], { Succeeded: 'Healthy', Paused: 'Suspended' }),
  failed,
  byWord(['status', 'phase'], { Failed: 'Degraded', Unknown: 'Degraded' }),
);
