import type { HealthCheck } from '../health-check.ts';
import { conditionsOf } from '../read.ts';
import { degraded, healthy, progressing, suspended } from '../verdict.ts';

/** The conditions of a Kubernetes Job tell how it ended; without one it runs. */
export const job: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  const holding = (type: string) => conditions.find((entry) => entry.type === type && entry.status === 'True');
  const failed = holding('Failed');
  if (failed) return degraded(failed.message);
  const complete = holding('Complete');
  if (complete) return healthy(complete.message);
  const paused = holding('Suspended');
  if (paused) return suspended(paused.message);
  return progressing(conditions.at(-1)?.message);
};
