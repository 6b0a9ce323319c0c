import type { HealthCheck } from '../health-check.ts';
import { conditionOf } from '../read.ts';
import { healthy, progressing } from '../verdict.ts';

/** An aggregated API is Healthy when the API server can reach it. */
export const apiService: HealthCheck = (object) => {
  const available = conditionOf(object, 'Available');
  if (!available) return progressing('Waiting to be processed');
  const message = `${available.reason}: ${available.message}`;
  return available.status === 'True' ? healthy(message) : progressing(message);
};
