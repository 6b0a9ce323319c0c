import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** How many replicas are ready, which the operator tells as text. */
export const openTelemetryCollector: HealthCheck = (object) => {
  if (object['status'] === undefined || object['status'] === null) return progressing('Waiting for the operator');
  const mode = textAt(object, 'spec', 'mode');
  const counts = /(\d+)\/(\d+)/.exec(textAt(object, 'status', 'scale', 'statusReplicas'));
  if (!counts) {
    const sidecar = mode === 'sidecar' && fieldsAt(object, 'status', 'scale')['statusReplicas'] === undefined;
    return sidecar ? healthy('It runs beside other containers') : progressing('Waiting for the replicas');
  }
  const [ready, total] = [Number(counts[1]), Number(counts[2])];
  if (ready === 0)
    return mode === 'daemonset' && total === 0 ? healthy('No node is chosen') : degraded('No replica is ready');
  return ready === total ? healthy('All replicas are ready') : progressing(`${ready} of ${total} replicas are ready`);
};
