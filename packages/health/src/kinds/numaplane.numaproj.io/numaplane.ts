import type { HealthCheckEntries } from '../../entries.ts';
import type { HealthCheck } from '../../health-check.ts';
import { type Condition, conditionsOf, numberAt, textAt } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing, unknown } from '../../verdict.ts';

/** What differs between the kinds. */
interface Rollout {
  /** The reason by which its child's failure is told; undefined: every reason but Progressing. */
  failure?: string;
  /** The condition that says that it rests. */
  pause?: string;
}

/** A rollout waits for its child, fails with it and with an upgrade by steps, and is as well as it. */
function rollout({ failure, pause }: Rollout): HealthCheck {
  const hasFailed = ({ reason }: Condition) => (failure ? reason === failure : reason !== 'Progressing');
  return (object) => {
    const conditions = conditionsOf(object);
    const find = (type: string, status: string) =>
      conditions.find((entry) => entry.type === type && entry.status === status);
    const child = find('ChildResourcesHealthy', 'False');
    const upgrade = failure ? find('ProgressiveUpgradeSucceeded', 'False') : undefined;
    const [phase, running] = [textAt(object, 'status', 'phase'), textAt(object, 'status', 'upgradeInProgress')];
    const seen = numberAt(object, 'status', 'observedGeneration');
    if (seen === undefined || seen !== numberAt(object, 'metadata', 'generation')) {
      return progressing('Waiting for the spec to be seen');
    }
    if ((running || phase === 'Pending') && !upgrade) return progressing('An update is under way');
    if (child?.reason === 'Progressing') return progressing('Waiting for what it consists of');
    if (phase === 'Failed') return degraded(textAt(object, 'status', 'message') || phase);
    if (child && hasFailed(child)) return degraded(explain(child));
    if (upgrade) return degraded('A progressive upgrade has failed');
    const rests = pause ? find(pause, 'True') : undefined;
    if (rests) return healthy(explain(rests));
    return find('ChildResourcesHealthy', 'True') ? healthy() : unknown('It does not say how it fares');
  };
}

/** Numaplane's rollouts of what Numaflow runs. */
export const numaplaneChecks: HealthCheckEntries = [
  ['numaplane.numaproj.io/ISBServiceRollout', rollout({ failure: 'ISBSvcFailed' })],
  [
    'numaplane.numaproj.io/MonoVertexRollout',
    rollout({ failure: 'MonoVertexFailed', pause: 'MonoVertexPausingOrPaused' }),
  ],
  ['numaplane.numaproj.io/NumaflowControllerRollout', rollout({})],
  ['numaplane.numaproj.io/PipelineRollout', rollout({ failure: 'PipelineFailed', pause: 'PipelinePausingOrPaused' })],
];
