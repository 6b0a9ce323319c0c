import { annotation, type KubeObject } from '@plumbline/manifests';
import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, countAt, fieldsAt, listAt, numberAt, textAt, trueAt } from '../../read.ts';
import type { HealthStatus } from '../../types.ts';
import { degraded, healthy, progressing, suspended, unknown, verdict } from '../../verdict.ts';

const phases = { Healthy: 'Healthy', Degraded: 'Degraded', Progressing: 'Progressing', Paused: 'Suspended' } as const;

/** What a Rollout says of itself since 1.0 (`status.phase`); for older ones, what its counters and hashes tell. */
export const rollout: HealthCheck = (object) => {
  if (!specSeen(object) || !workloadSeen(object)) return progressing('Waiting for the spec to be seen');
  const phase = textAt(object, 'status', 'phase');
  const message = textAt(object, 'status', 'message');
  if (phase !== '') {
    return phase in phases ? verdict(phases[phase as keyof typeof phases], message) : unknown(message || phase);
  }
  return failed(object) ?? paused(object) ?? rolling(object) ?? switching(object) ?? healthy();
};

/** Old versions wrote a hash in place of a number: it can't be compared. */
function specSeen(object: KubeObject): boolean {
  if (Object.keys(fieldsAt(object, 'status')).length === 0) return false;
  const seen = Number(fieldsAt(object, 'status')['observedGeneration'] ?? Number.NaN);
  const generation = countAt(object, 'metadata', 'generation');
  return Number.isNaN(seen) || seen > generation || seen === generation;
}

function workloadSeen(object: KubeObject): boolean {
  if (Object.keys(fieldsAt(object, 'spec', 'workloadRef')).length === 0 || !object.metadata.annotations) return true;
  const seen = fieldsAt(object, 'status')['workloadObservedGeneration'];
  return (
    annotation(object, 'rollout.argoproj.io/workload-generation') === (seen === undefined ? undefined : String(seen))
  );
}

function failed(object: KubeObject): HealthStatus | undefined {
  const found = conditionsOf(object).find(
    ({ type, reason }) =>
      type === 'InvalidSpec' ||
      (type === 'Progressing' && (reason === 'RolloutAborted' || reason === 'ProgressDeadlineExceeded')),
  );
  return found ? degraded(found.message) : undefined;
}

function paused(object: KubeObject): HealthStatus | undefined {
  const stops = listAt(object, 'status', 'pauseConditions').length > 0 || trueAt(object, 'spec', 'paused');
  return stops ? suspended('The rollout is paused') : undefined;
}

function rolling(object: KubeObject): HealthStatus | undefined {
  if (textAt(object, 'status', 'currentPodHash') === '') return progressing('Waiting for a status');
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  const updated = countAt(object, 'status', 'updatedReplicas');
  const available = countAt(object, 'status', 'availableReplicas');
  if (updated < wanted) return progressing(`${updated} of ${wanted} replicas are updated`);
  return available < updated ? progressing(`${available} of ${updated} updated replicas are available`) : undefined;
}

/** Whether the new replicas are still to become the ones that serve. */
function switching(object: KubeObject): HealthStatus | undefined {
  const current = textAt(object, 'status', 'currentPodHash');
  const stable = textAt(object, 'status', 'stableRS') || textAt(object, 'status', 'canary', 'stableRS');
  const { blueGreen, canary } = fieldsAt(object, 'spec', 'strategy');
  if (blueGreen !== undefined) {
    const serves = textAt(object, 'status', 'blueGreen', 'activeSelector') === current;
    if (!serves) return progressing('Waiting for the active service to be switched');
    return stable !== '' && stable !== current ? progressing('Waiting for the analysis to complete') : undefined;
  }
  if (canary === undefined) return undefined;
  const old = countAt(object, 'status', 'replicas') - countAt(object, 'status', 'updatedReplicas');
  if (old > 0) return progressing(`${old} old replicas are pending termination`);
  return stable === current ? undefined : progressing('Waiting for the steps to complete');
}
