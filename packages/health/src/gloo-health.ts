import type { HealthCheck } from './health-check.ts';
import { fieldsAt } from './read.ts';
import type { HealthStatus } from './types.ts';
import { degraded, healthy, progressing, suspended } from './verdict.ts';

/** What Gloo says of an object, for each of its namespaces or (older versions) once; states are words or numbers. */
export const glooHealth: HealthCheck = (object) => {
  const parts = [...Object.values(fieldsAt(object, 'status', 'statuses')), fieldsAt(object, 'status')];
  for (const part of parts) {
    const decided = judge(part);
    if (decided) return decided;
  }
  return progressing('Waiting for Gloo');
};

function judge(part: unknown): HealthStatus | undefined {
  const { state, reason } = fieldsAt(part);
  switch (state) {
    case 'Accepted':
    case 1:
      return healthy('It is accepted');
    case 'Warning':
    case 3:
    case 'Rejected':
    case 2:
      return degraded(String(reason ?? ''));
    case 'Pending':
    case 0:
      return suspended('It is not validated yet');
    default:
      return undefined;
  }
}
