import { annotations } from '@plumbline/apis';
import { annotation, type KubeObject } from '@plumbline/manifests';
import type { HealthCheck } from '../health-check.ts';
import { conditionOf, countAt, type Fields, fieldsAt, listAt, textAt } from '../read.ts';
import type { HealthStatus } from '../types.ts';
import { degraded, healthy, progressing, unknown } from '../verdict.ts';

/**
 * A pod that is to run for ever is Healthy when Ready; one that runs to completion, when Succeeded.
 * Containers that wait because of an error (image, configuration, crash loop) make it Degraded.
 */
export const pod: HealthCheck = (object) => {
  const stays =
    (textAt(object, 'spec', 'restartPolicy') || 'Always') === 'Always' ||
    (annotation(object, annotations.ignoreRestartPolicy) === 'true' && !isHook(object));
  if (stays) {
    const errors = waitingErrors(object);
    if (errors) return degraded(errors);
  }
  const message = textAt(object, 'status', 'message');
  const phase = textAt(object, 'status', 'phase');
  switch (phase) {
    case '':
    case 'Pending':
      return progressing(message);
    case 'Succeeded':
      return healthy(message);
    case 'Failed':
      return degraded(message || terminations(object));
    case 'Running':
      return stays ? running(object, message) : progressing(message);
    default:
      return unknown(message || `the pod's phase is ${phase}`);
  }
};

/** A hook is waited for until it has ended, whatever else it asks for. */
function isHook(object: KubeObject): boolean {
  return Boolean(annotation(object, annotations.hook) || annotation(object, annotations.helmHook));
}

function running(object: KubeObject, message: string): HealthStatus {
  if (conditionOf(object, 'Ready')?.status === 'True') return healthy(message);
  const crashed = listAt(object, 'status', 'containerStatuses').some(
    (container) => Object.keys(fieldsAt(container, 'lastState', 'terminated')).length > 0,
  );
  return crashed ? degraded(message) : progressing(message);
}

/** What the containers that wait for an error say, or undefined when none does. */
function waitingErrors(object: KubeObject): string | undefined {
  const waiting = listAt(object, 'status', 'containerStatuses')
    .map((container) => fieldsAt(container, 'state', 'waiting'))
    .filter((state) => isErrorReason(textAt(state, 'reason')));
  if (waiting.length === 0) return undefined;
  return waiting.map((state) => textAt(state, 'message') || textAt(state, 'reason')).join(', ');
}

function isErrorReason(reason: string): boolean {
  return reason.startsWith('Err') || reason.endsWith('Error') || reason.endsWith('BackOff');
}

function terminations(object: KubeObject): string {
  const containers = [
    ...listAt(object, 'status', 'initContainerStatuses'),
    ...listAt(object, 'status', 'containerStatuses'),
  ];
  return containers
    .map(termination)
    .filter((text) => text !== '')
    .join(', ');
}

function termination(container: Fields): string {
  const end = fieldsAt(container, 'state', 'terminated');
  const message = textAt(end, 'message');
  if (message) return message;
  if (textAt(end, 'reason') === 'OOMKilled') return 'OOMKilled';
  const code = countAt(end, 'exitCode');
  return code === 0 ? '' : `container "${textAt(container, 'name')}" failed with exit code ${code}`;
}
