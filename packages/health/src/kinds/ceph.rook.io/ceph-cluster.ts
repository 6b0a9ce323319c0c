import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** What Ceph says of itself, then how far the operator is. */
export const cephCluster: HealthCheck = (object) => {
  const health = textAt(object, 'status', 'ceph', 'health');
  const state = textAt(object, 'status', 'state');
  const details = Object.entries(fieldsAt(object, 'status', 'ceph', 'details')).map(([, detail]) =>
    textAt(detail, 'message'),
  );
  const message = [health, ...details, state, textAt(object, 'status', 'message')].filter(Boolean).join(', ');
  if (health === 'HEALTH_ERR' || health === 'HEALTH_WARN') return degraded(message);
  if (health !== 'HEALTH_OK') return progressing(message || 'Waiting for the operator');
  if (state === '' || state === 'Created' || state === 'Connected') return healthy(message);
  return state === 'Error' ? degraded(message) : progressing(message);
};
