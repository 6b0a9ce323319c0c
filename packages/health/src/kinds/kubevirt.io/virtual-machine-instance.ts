import type { HealthCheck } from '../../health-check.ts';
import { byConditions, byWord, firstOf, readiness } from '../../steps.ts';

const phases = {
  Pending: 'Progressing',
  Scheduling: 'Progressing',
  Scheduled: 'Progressing',
  Failed: 'Degraded',
  Succeeded: 'Suspended',
  Unknown: 'Unknown',
} as const;

const paused = { type: 'Paused', status: 'True', verdict: 'Suspended' } as const;

/** Its phase, then whether it is paused or ready. */
export const virtualMachineInstance: HealthCheck = firstOf(
  'Waiting for the machine to start',
  byWord(['status', 'phase'], phases),
  byConditions(paused),
  readiness(),
);
