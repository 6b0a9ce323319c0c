import type { HealthCheck } from '../../health-check.ts';
import { listAt, textAt } from '../../read.ts';
import { byWord, firstOf, suspendedBy } from '../../steps.ts';
import type { HealthStatus } from '../../types.ts';
import { degraded } from '../../verdict.ts';

function failing(object: unknown): HealthStatus | undefined {
  const failed = listAt(object, 'status', 'conditions').find(
    (entry) => entry['type'] === 'Ready' && entry['status'] === 'False' && entry['severity'] !== 'Info',
  );
  return failed ? degraded(textAt(failed, 'message')) : undefined;
}

/** Its phase, unless Ready is False for more than being under way (severity Info). */
export const clusterApiCluster: HealthCheck = firstOf(
  'Waiting for the cluster',
  suspendedBy(['spec', 'paused'], 'The cluster is paused'),
  failing,
  byWord(['status', 'phase'], { Provisioned: 'Healthy', Failed: 'Degraded' }),
);
