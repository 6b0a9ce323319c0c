import { type HealthCheckEntries, sameFor } from '../../entries.ts';
import type { HealthCheck } from '../../health-check.ts';
import { conditionStale, fieldsAt, listAt, toCondition } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Ready to use, unless a condition says that the last call of the service broker has failed. */
const service: HealthCheck = (object) => {
  if (!Array.isArray(fieldsAt(object, 'status')['conditions'])) return progressing('Waiting for a status');
  for (const entry of listAt(object, 'status', 'conditions')) {
    if (conditionStale(entry, object)) return progressing('Waiting for the spec to be seen');
    const { type, status, message } = toCondition(entry);
    const failed = (type === 'Succeeded' && status === 'False') || (type === 'Failed' && status === 'True');
    if (failed) return degraded(message);
  }
  return healthy();
};

/** Services of the SAP Business Technology Platform. */
export const sapServiceChecks: HealthCheckEntries = sameFor(
  'services.cloud.sap.com',
  ['ServiceBinding', 'ServiceInstance'],
  service,
);
