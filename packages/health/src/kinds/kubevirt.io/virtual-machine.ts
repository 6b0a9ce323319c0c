import type { HealthCheck } from '../../health-check.ts';
import { conditionOf, textAt, trueAt } from '../../read.ts';
import { healthy, progressing, suspended } from '../../verdict.ts';

/** Running, starting, stopped or paused. */
export const virtualMachine: HealthCheck = (object) => {
  const shown = textAt(object, 'status', 'printableStatus');
  if (conditionOf(object, 'Paused')?.status === 'True') return suspended('Paused');
  const ready = conditionOf(object, 'Ready');
  if (!ready) return progressing(shown || 'Waiting for a status');
  if (ready.status === 'True') return healthy(shown || 'Running');
  return trueAt(object, 'status', 'created') ? progressing(shown || 'Starting') : suspended(shown || 'Stopped');
};
