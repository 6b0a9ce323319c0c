import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';

const phases = {
  Pending: 'Progressing',
  Running: 'Progressing',
  Successful: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
  Inconclusive: 'Unknown',
} as const;

const message = (phase: string, object: unknown): string => textAt(object, 'status', 'message') || phase;

/** Its phase. */
export const analysisRun: HealthCheck = firstOf(
  'Waiting for the first measurement',
  byWord(['status', 'phase'], phases, message),
);
