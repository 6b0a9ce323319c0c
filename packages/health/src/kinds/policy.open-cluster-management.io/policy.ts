import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, listAt, textAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether every cluster complies. */
export const clusterManagementPolicy: HealthCheck = (object) => {
  if (trueAt(object, 'spec', 'disabled')) return healthy('The policy is disabled');
  const verdict = textAt(object, 'status', 'compliant');
  const clusters = listAt(object, 'status', 'status');
  const placed = listAt(object, 'status', 'placement').length > 0;
  if (verdict === '') {
    const nowhere = placed && fieldsAt(object, 'status')['status'] === undefined;
    return nowhere ? healthy('No cluster matches') : progressing('Waiting for the clusters to report');
  }
  if (verdict === 'Compliant') return healthy();
  const against = clusters
    .filter((entry) => entry['compliant'] !== 'Compliant')
    .map((entry) => textAt(entry, 'clustername'));
  return degraded(`Not compliant: ${against.join(', ') || 'see its details'}`);
};
