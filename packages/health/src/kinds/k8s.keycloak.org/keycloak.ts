import type { HealthCheck } from '../../health-check.ts';
import { type Fields, listAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Conditions without a time come last. */
const timeOf = (entry: Fields): string => textAt(entry, 'lastTransitionTime') || '~';

/** The condition that has held for longest decides. */
export const keycloak: HealthCheck = (object) => {
  const conditions = listAt(object, 'status', 'conditions').toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
  for (const entry of conditions) {
    if (entry['status'] !== 'True') continue;
    if (entry['type'] === 'Ready') return healthy();
    if (entry['type'] === 'HasErrors') return degraded(textAt(entry, 'message'));
  }
  return progressing('Waiting for the operator');
};
