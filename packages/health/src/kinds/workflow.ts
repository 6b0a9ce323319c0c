import type { HealthCheck } from '../health-check.ts';
import { textAt } from '../read.ts';
import { degraded, healthy, progressing, unknown } from '../verdict.ts';

/** The phase of an Argo Workflow. */
export const workflow: HealthCheck = (object) => {
  const message = textAt(object, 'status', 'message');
  switch (textAt(object, 'status', 'phase')) {
    case '':
    case 'Pending':
    case 'Running':
      return progressing(message);
    case 'Succeeded':
      return healthy(message);
    case 'Failed':
    case 'Error':
      return degraded(message);
    default:
      return unknown(message);
  }
};
