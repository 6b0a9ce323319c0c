import type { HealthCheck } from '../../health-check.ts';
import { byConditions } from '../../steps.ts';
import { healthy } from '../../verdict.ts';

const failed = byConditions(
  { type: 'SpecError', status: 'True', verdict: 'Degraded' },
  { type: 'SubmissionError', status: 'True', verdict: 'Degraded' },
  { type: 'Completed', status: 'True', verdict: 'Healthy' },
);

/** Healthy unless its spec or a submission is wrong. */
export const cronWorkflow: HealthCheck = (object) => failed(object) ?? healthy();
