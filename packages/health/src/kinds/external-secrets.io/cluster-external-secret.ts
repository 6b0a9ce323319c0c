import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const waiting = progressing('Waiting for the secrets of its namespaces');

/** Its controller appends conditions: the last one holds. */
export const clusterExternalSecret: HealthCheck = (object) => {
  const last = conditionsOf(object).at(-1);
  if (last?.status !== 'True') return waiting;
  if (last.type === 'Ready') return healthy(last.message);
  return last.type === 'PartiallyReady' || last.type === 'NotReady' ? degraded(last.message) : waiting;
};
