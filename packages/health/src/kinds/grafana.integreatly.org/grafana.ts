import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** The stage of the installation. */
export const grafana: HealthCheck = (object) => {
  const stage = textAt(object, 'status', 'stage');
  const result = textAt(object, 'status', 'stageStatus');
  if (result === 'failed') return degraded(`Stage ${stage} has failed`);
  if (stage === 'complete' && result === 'success') return healthy();
  return progressing(stage ? `Stage ${stage}` : 'Waiting for the operator');
};
