import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** A package must be installed and its runtime must run. */
export const crossplaneProvider: HealthCheck = (object) => {
  const installed = conditionOf(object, 'Installed');
  const running = conditionOf(object, 'Healthy');
  if (!installed && !running) return progressing('Waiting for the package to be installed');
  const message = [installed?.reason, running?.reason].filter(Boolean).join(', ');
  return installed?.status === 'True' && running?.status === 'True' ? healthy(message) : degraded(message);
};
