import type { HealthCheck } from '../../health-check.ts';
import { countAt, textAt } from '../../read.ts';
import type { HealthStatusCode } from '../../types.ts';
import { verdict } from '../../verdict.ts';

const states = new Map<string, HealthStatusCode>([
  ['initializing', 'Progressing'],
  ['ready', 'Healthy'],
  ['error', 'Degraded'],
  ['stopping', 'Degraded'],
  ['paused', 'Unknown'],
]);

/** Its state; a cluster that is paused or stopping does not serve. */
export const perconaXtraDbCluster: HealthCheck = (object) => {
  const meaning = states.get(textAt(object, 'status', 'state')) ?? 'Unknown';
  return verdict(
    meaning,
    `${countAt(object, 'status', 'ready')} of ${countAt(object, 'status', 'size')} nodes are ready`,
  );
};
