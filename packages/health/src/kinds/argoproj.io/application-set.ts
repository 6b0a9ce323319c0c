import type { HealthCheck } from '../../health-check.ts';
import { byConditions, firstOf } from '../../steps.ts';

/** Errors first, then a rollout under way, then whether all Applications are up to date. */
export const applicationSet: HealthCheck = firstOf(
  'Waiting for the first generation',
  byConditions({ type: 'ErrorOccurred', status: 'True', verdict: 'Degraded' }),
  byConditions({ type: 'ResourcesUpToDate', status: 'False', verdict: 'Degraded' }),
  byConditions({ type: 'RolloutProgressing', status: 'True', verdict: 'Progressing' }),
  byConditions({ type: 'ResourcesUpToDate', status: 'True', verdict: 'Healthy' }),
);
