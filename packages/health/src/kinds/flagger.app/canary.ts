import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, textAt } from '../../read.ts';
import type { HealthStatusCode } from '../../types.ts';
import { verdict } from '../../verdict.ts';

const phases = new Map<string, HealthStatusCode>([
  ['Failed', 'Degraded'],
  ['Progressing', 'Progressing'],
  ['Finalising', 'Progressing'],
  ['Promoting', 'Progressing'],
  ['Succeeded', 'Healthy'],
  ['Initialized', 'Healthy'],
]);

/** The phase of the last analysis. */
export const canary: HealthCheck = (object) => {
  const phase = textAt(object, 'status', 'phase');
  const said = conditionsOf(object).map(({ message }) => message);
  return verdict(phases.get(phase) ?? 'Unknown', [phase, ...said].filter(Boolean).join(': ') || 'No status yet');
};
