import type { HealthCheck } from '../../health-check.ts';
import { byConditions } from '../../steps.ts';
import { healthy } from '../../verdict.ts';

const failed = byConditions({ type: 'Error', status: 'True', verdict: 'Degraded' });
const invalid = byConditions({ type: 'Valid', status: 'False', verdict: 'Degraded' });

/** Healthy unless it says that it is not. */
export const datadogMetric: HealthCheck = (object) => failed(object) ?? invalid(object) ?? healthy();
