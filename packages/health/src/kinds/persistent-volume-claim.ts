import type { HealthCheck } from '../health-check.ts';
import { textAt } from '../read.ts';
import { degraded, healthy, progressing, unknown } from '../verdict.ts';

/** The claim's phase, nothing else. */
export const persistentVolumeClaim: HealthCheck = (object) => {
  const phase = textAt(object, 'status', 'phase');
  switch (phase) {
    case 'Bound':
      return healthy();
    case '':
    case 'Pending':
      return progressing('Waiting for a volume to be bound');
    case 'Lost':
      return degraded('The volume of the claim is lost');
    default:
      return unknown(`the claim's phase is ${phase}`);
  }
};
