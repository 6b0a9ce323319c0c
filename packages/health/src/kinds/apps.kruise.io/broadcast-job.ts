import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** How it ended on the nodes. */
export const broadcastJob: HealthCheck = (object) => {
  const phase = textAt(object, 'status', 'phase');
  const { desired, succeeded, failed } = fieldsAt(object, 'status');
  if (phase === 'completed' && desired === succeeded) return healthy('All nodes have succeeded');
  if (phase === 'failed' && failed !== 0) return degraded(`${String(failed ?? 'some')} nodes have failed`);
  return phase === 'paused' && trueAt(object, 'spec', 'paused') ? suspended('It is paused') : progressing('It runs');
};
