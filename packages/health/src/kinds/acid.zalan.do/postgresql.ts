import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** The status that the operator writes; all but a few words are failures. */
export const zalandoPostgresql: HealthCheck = (object) => {
  const status = textAt(object, 'status', 'PostgresClusterStatus');
  if (status === 'Running') return healthy(status);
  return status === '' || status === 'Creating' || status === 'Updating' ? progressing(status) : degraded(status);
};
