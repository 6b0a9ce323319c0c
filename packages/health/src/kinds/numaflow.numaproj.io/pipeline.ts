import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, numberAt, textAt } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const upgradeResult = 'numaplane.numaproj.io/progressive-result-state';
const healthyPhases = ['Running', 'Paused', 'Pausing'];

function specSeen(object: unknown): boolean {
  return numberAt(object, 'metadata', 'generation') === numberAt(object, 'status', 'observedGeneration');
}

/** Its phase; a pause is what its owner wants. */
export const numaflowPipeline: HealthCheck = (object) => {
  if (!specSeen(object)) return progressing('Waiting for the spec to be seen');
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Failed') return degraded(textAt(object, 'status', 'message'));
  const lacking = conditionsOf(object).find(({ status }) => status === 'False');
  if (lacking) return degraded(explain(lacking));
  if (object.metadata.labels?.[upgradeResult] === 'failed') return degraded('A progressive upgrade has failed');
  return healthyPhases.includes(phase) ? healthy(phase) : progressing('Waiting for the vertices');
};
