import { annotation } from '@plumbline/manifests';
import type { HealthCheck } from '../../health-check.ts';
import { conditionOf, conditionsOf, textAt } from '../../read.ts';
import type { HealthStatusCode } from '../../types.ts';
import { progressing, suspended, verdict } from '../../verdict.ts';

const phases: Readonly<Record<string, HealthStatusCode>> = {
  'Cluster in healthy state': 'Healthy',
  'Setting up primary': 'Progressing',
  'Creating a new replica': 'Progressing',
  'Upgrading cluster': 'Progressing',
  'Waiting for the instances to become active': 'Progressing',
  'Promoting to primary cluster': 'Progressing',
  'Switchover in progress': 'Degraded',
  'Failing over': 'Degraded',
  'Upgrading Postgres major version': 'Degraded',
  'Cluster upgrade delayed': 'Degraded',
  'Waiting for user action': 'Degraded',
  'Primary instance is being restarted in-place': 'Degraded',
  'Primary instance is being restarted without a switchover': 'Degraded',
  'Cluster cannot execute instance online upgrade due to missing architecture binary': 'Degraded',
  'Online upgrade in progress': 'Degraded',
  'Applying configuration': 'Degraded',
  'Unable to create required cluster objects': 'Suspended',
  'Cluster cannot proceed to reconciliation due to an unknown plugin being required': 'Suspended',
  'Cluster has incomplete or invalid image catalog': 'Suspended',
  'Cluster is unrecoverable and needs manual intervention': 'Suspended',
};

/** The sentence in `status.phase`; a hibernation and a stopped reconciliation come first. */
export const cnpgCluster: HealthCheck = (object) => {
  if (annotation(object, 'cnpg.io/reconciliationLoop') === 'disabled')
    return suspended('Reconciliation is switched off');
  const reason = textAt(object, 'status', 'phaseReason');
  if (conditionsOf(object).length === 0) return progressing(reason || 'Waiting for the first instance');
  const hibernation = conditionOf(object, 'cnpg.io/hibernation');
  if (hibernation) return verdict(hibernation.status === 'True' ? 'Suspended' : 'Degraded', hibernation.message);
  const phase = textAt(object, 'status', 'phase');
  return verdict((Object.hasOwn(phases, phase) && phases[phase]) || 'Unknown', reason || phase);
};
