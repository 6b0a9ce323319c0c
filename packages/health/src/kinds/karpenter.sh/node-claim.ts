import type { HealthCheck } from '../../health-check.ts';
import { conditionOf, numberAt } from '../../read.ts';
import { byConditions, readiness } from '../../steps.ts';
import { progressing } from '../../verdict.ts';

const disrupting = byConditions({ type: 'Disrupting', status: 'True', verdict: 'Suspended' });

const stages = [
  ['Initialized', 'Waiting for the node to be ready'],
  ['Registered', 'Waiting for the node to be initialized'],
  ['Launched', 'Waiting for the node to register'],
] as const;

/** Ready, leaving, or how far the node has come. */
export const nodeClaim: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const generation = numberAt(object, 'metadata', 'generation');
  if (seen !== undefined && generation !== undefined && seen !== generation)
    return progressing('Waiting for the spec to be seen');
  const decided = disrupting(object) ?? readiness()(object);
  if (decided) return decided;
  const reached = stages.find(([type]) => conditionOf(object, type)?.status === 'True');
  return progressing(reached ? reached[1] : 'Waiting for an instance');
};
