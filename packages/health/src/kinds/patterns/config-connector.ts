import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, fieldsAt, numberAt } from '../../read.ts';
import type { HealthStatusCode } from '../../types.ts';
import { degraded, healthy, progressing, verdict } from '../../verdict.ts';

const reasons = new Map<string, HealthStatusCode>([
  ['UpdateFailed', 'Degraded'],
  ['DependencyNotFound', 'Degraded'],
  ['DependencyNotReady', 'Suspended'],
]);

/** Google's Config Connector, `*.cnrm.cloud.google.com`: the reason of the condition says what happens. */
export const configConnector: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const current = seen === undefined || seen === numberAt(object, 'metadata', 'generation');
  if (!current) return progressing('Waiting for the spec to be seen');
  const { healthy: fine } = fieldsAt(object, 'status');
  if (/^ConfigConnector(Context)?$/.test(object.kind) && fine !== undefined) {
    return fine === true ? healthy() : degraded(`${object.kind} is not healthy`);
  }
  for (const { reason, status, message } of conditionsOf(object)) {
    const meaning = reason === 'UpToDate' && status === 'True' ? 'Healthy' : reasons.get(reason);
    if (meaning) return verdict(meaning, message);
  }
  return progressing('Waiting for the update');
};
