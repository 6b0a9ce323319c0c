import type { HealthCheck } from '../../health-check.ts';
import { listAt, toCondition } from '../../read.ts';
import { healthy, progressing } from '../../verdict.ts';

/** A stack of Crossplane before 0.13. */
export const clusterStackInstall: HealthCheck = (object) => {
  const conditions = listAt(object, 'status', 'conditionedStatus', 'conditions').map(toCondition);
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? healthy(ready.reason) : progressing(ready?.reason || 'Waiting for the stack');
};
