import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { explain } from '../../steps.ts';
import { unknown, verdict } from '../../verdict.ts';

const meanings = [
  ['Degraded', 'Degraded'],
  ['Progressing', 'Progressing'],
  ['Available', 'Healthy'],
] as const;

/** The worst condition that holds. */
export const storageCluster: HealthCheck = (object) => {
  const holding = conditionsOf(object).filter(({ status }) => status === 'True');
  for (const [type, status] of meanings) {
    const found = holding.findLast((condition) => condition.type === type);
    if (found) return verdict(status, explain(found));
  }
  return unknown('It does not say how it fares');
};
