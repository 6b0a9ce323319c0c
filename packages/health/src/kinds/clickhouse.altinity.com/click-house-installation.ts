import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** How far the installation is. */
export const clickHouseInstallation: HealthCheck = (object) => {
  const status = textAt(object, 'status', 'status');
  if (status === 'Completed') return healthy('The installation is complete');
  if (status === '' || status === 'InProgress') return progressing('Waiting for the installation');
  return degraded(`The installation is ${status}`);
};
