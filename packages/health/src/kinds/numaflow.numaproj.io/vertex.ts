import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, numberAt, textAt } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const upgradeResult = 'numaplane.numaproj.io/progressive-result-state';

/** What runs a part of a pipeline, by its phase; a pause is what its owner wants. */
export const numaflowPart: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  if (seen !== numberAt(object, 'metadata', 'generation')) return progressing('Waiting for the spec to be seen');
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Failed') return degraded(textAt(object, 'status', 'message') || phase);
  if (object.metadata.labels?.[upgradeResult] === 'failed') return degraded('A progressive upgrade has failed');
  const lacking = conditionsOf(object).findLast(({ status }) => status === 'False');
  if (lacking) return degraded(explain(lacking));
  return phase === 'Running' || phase === 'Paused' ? healthy(phase) : progressing('Waiting for the Pods');
};
