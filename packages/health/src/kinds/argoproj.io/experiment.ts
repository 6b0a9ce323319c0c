import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';

const phases = {
  Pending: 'Progressing',
  Running: 'Progressing',
  Successful: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
} as const;

const message = (phase: string, object: unknown): string => textAt(object, 'status', 'message') || phase;

/** Its phase. */
export const experiment: HealthCheck = firstOf(
  'Waiting for the experiment to start',
  byWord(['status', 'phase'], phases, message),
);
