import type { HealthCheck } from '../../health-check.ts';
import { knativeInstallation } from './knative-installation.ts';

/** Whether the operator has installed it. */
export const knativeEventing: HealthCheck = knativeInstallation({
  needed: ['Ready', 'InstallSucceeded'],
  waits: ['Ready'],
});
