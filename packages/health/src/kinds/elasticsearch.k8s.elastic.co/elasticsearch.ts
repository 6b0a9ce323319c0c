import type { HealthCheck } from '../../health-check.ts';
import { countAt, listAt, numberAt, textAt } from '../../read.ts';
import type { HealthStatusCode } from '../../types.ts';
import { progressing, unknown, verdict } from '../../verdict.ts';

const colours = new Map<string, HealthStatusCode>([
  ['green', 'Healthy'],
  ['yellow', 'Progressing'],
  ['red', 'Degraded'],
]);

const phases = new Map<string, HealthStatusCode>([
  ['ApplyingChanges', 'Progressing'],
  ['MigratingData', 'Progressing'],
  ['Invalid', 'Degraded'],
]);

/** All nodes, the phase, and the colour of the cluster. */
export const elasticsearch: HealthCheck = (object) => {
  const available = numberAt(object, 'status', 'availableNodes');
  const wanted = listAt(object, 'spec', 'nodeSets').reduce((sum, set) => sum + countAt(set, 'count'), 0);
  if (available === undefined || available > wanted) return unknown('The operator has not told of the nodes');
  if (available < wanted) return progressing(`${available} of ${wanted} nodes are available`);
  const phase = textAt(object, 'status', 'phase');
  const colour = textAt(object, 'status', 'health');
  const meaning = phase === 'Ready' ? colours.get(colour) : colour ? phases.get(phase) : undefined;
  return meaning ? verdict(meaning, `${phase}, ${colour}`) : unknown('The operator has told no phase');
};
