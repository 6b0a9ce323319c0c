import type { KubeObject } from '@plumbline/manifests';
import type { HealthCheck } from '../health-check.ts';
import { type Condition, conditionsOf, listAt, toCondition } from '../read.ts';
import { degraded, healthy, progressing } from '../verdict.ts';

/** autoscaling/v1 has no conditions in its status: the server keeps them, as JSON, in this annotation. */
const v1Conditions = 'autoscaling.alpha.kubernetes.io/conditions';

const failureReasons =
  /^(FailedGetScale|FailedUpdateScale|FailedGet\w*Metric|FailedComputeMetricsReplicas|InvalidSelector)$/;

/** Any failing condition outweighs the ones that hold. */
export const horizontalPodAutoscaler: HealthCheck = (object) => {
  const conditions = autoscalerConditions(object);
  const failing = conditions.find((entry) => failureReasons.test(entry.reason));
  if (failing) return degraded(failing.message);
  const holding = conditions.find(
    (entry) => (entry.type === 'AbleToScale' || entry.type === 'ScalingLimited') && entry.status === 'True',
  );
  return holding ? healthy(holding.message) : progressing('Waiting to Autoscale');
};

function autoscalerConditions(object: KubeObject): readonly Condition[] {
  const annotation = object.metadata.annotations?.[v1Conditions];
  if (!annotation) return conditionsOf(object);
  try {
    return listAt({ conditions: JSON.parse(annotation) }, 'conditions').map(toCondition);
  } catch {
    return [];
  }
}
