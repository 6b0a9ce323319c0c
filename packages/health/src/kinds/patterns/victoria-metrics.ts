import type { HealthCheck } from '../../health-check.ts';
import { numberAt, textAt } from '../../read.ts';
import type { HealthStatusCode } from '../../types.ts';
import { progressing, verdict } from '../../verdict.ts';

const states = new Map<string, HealthStatusCode>([
  ['operational', 'Healthy'],
  ['expanding', 'Progressing'],
  ['paused', 'Suspended'],
  ['failed', 'Degraded'],
]);

/** What the operator of VictoriaMetrics manages: how its last update went. */
export const victoriaMetrics: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const generation = numberAt(object, 'metadata', 'generation');
  const stale = seen !== undefined && generation !== undefined && seen !== generation;
  const state = textAt(object, 'status', 'updateStatus');
  const meaning = states.get(state);
  if (stale || !meaning) return progressing('Waiting for the operator');
  return verdict(meaning, textAt(object, 'status', 'reason') || state);
};
