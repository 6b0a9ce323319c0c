import type { HealthCheck } from '../../health-check.ts';
import { numberAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Healthy when all machines that it covers are. */
export const machineHealthCheck: HealthCheck = (object) => {
  const current = numberAt(object, 'status', 'currentHealthy');
  if (current === undefined) return progressing('Waiting for the first count');
  const expected = numberAt(object, 'status', 'expectedMachines');
  return current === expected ? healthy() : degraded(`${current} of ${expected ?? 'unknown'} machines are healthy`);
};
