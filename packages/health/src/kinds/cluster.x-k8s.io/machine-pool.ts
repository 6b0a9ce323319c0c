import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Its phase. */
export const machinePool: HealthCheck = firstOf(
  'Waiting for machines',
  byWord(
    ['status', 'phase'],
    { Running: 'Healthy', Scaling: 'Healthy', Failed: 'Degraded', Unknown: 'Degraded' },
    (phase, object) => {
      const lacking = conditionsOf(object).filter(({ status }) => status === 'False');
      return [phase, ...lacking.map(({ type, reason }) => `${type}: ${reason}`)].join(', ');
    },
  ),
);
