import type { HealthCheck } from '../../health-check.ts';
import { numberAt } from '../../read.ts';
import { byConditions, firstOf } from '../../steps.ts';
import { progressing } from '../../verdict.ts';

const seen = firstOf(
  'Waiting for the stack to be reconciled',
  byConditions(
    { type: 'Stalled', status: 'True', verdict: 'Degraded' },
    { type: 'Reconciling', status: 'True', verdict: 'Progressing' },
    { type: 'Ready', status: 'True', verdict: 'Healthy' },
  ),
);

/** Stalled, reconciling or ready, once the newest spec is seen. */
export const pulumiStack: HealthCheck = (object) =>
  numberAt(object, 'status', 'observedGeneration') === numberAt(object, 'metadata', 'generation')
    ? seen(object)
    : progressing('Waiting for the spec to be seen');
