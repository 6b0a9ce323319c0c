import type { HealthCheck } from '../../health-check.ts';
import { byConditions, firstOf, readiness } from '../../steps.ts';

/** A certificate that is being issued or renewed is not failed yet, whatever its readiness says. */
export const certificate: HealthCheck = firstOf(
  'Waiting for the certificate',
  byConditions({ type: 'Issuing', status: 'True', verdict: 'Progressing' }),
  readiness(),
);
