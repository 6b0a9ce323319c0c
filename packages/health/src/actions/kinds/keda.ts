import type { KubeObject } from '@plumbline/manifests';
import { icons, setting, wholeNumber } from '../action-parts.ts';
import { patched, withField } from '../edit-object.ts';
import type { BuiltInAction } from '../types.ts';

const paused = 'autoscaling.keda.sh/paused';
const pausedReplicas = 'autoscaling.keda.sh/paused-replicas';
const at = (name: string) => ['metadata', 'annotations', name];
const isPaused = ({ metadata }: KubeObject) => metadata.annotations?.[paused] === 'true';
const replicasOf = ({ metadata }: KubeObject) => metadata.annotations?.[pausedReplicas];

function pause(isOff: (object: KubeObject) => boolean): BuiltInAction {
  return setting('pause', at(paused), {
    value: () => 'true',
    offer: (object) => ({ disabled: isOff(object), iconClass: icons.pause }),
  });
}

function resume(isOff: (object: KubeObject) => boolean): BuiltInAction {
  return {
    name: 'resume',
    offer: (object) => ({ disabled: !isOff(object), iconClass: icons.resume }),
    run: (object) => patched(withField(withField(object, at(paused), undefined), at(pausedReplicas), undefined)),
  };
}

const isHeld = (object: KubeObject) => isPaused(object) || replicasOf(object) !== undefined;

/** Pauses scaling, where it is or at a number of replicas, and resumes it. */
export const scaledObjectActions: readonly BuiltInAction[] = [
  pause(isHeld),
  setting('paused-replicas', at(pausedReplicas), {
    value: ({ parameters }) => String(wholeNumber(parameters['replicas'])),
    offer: (object) => ({
      disabled: isPaused(object),
      iconClass: icons.pause,
      params: [{ name: 'replicas', default: replicasOf(object) ?? '0' }],
    }),
  }),
  resume(isHeld),
];

/** Pauses and resumes the start of Jobs. */
export const scaledJobActions: readonly BuiltInAction[] = [pause(isPaused), resume(isPaused)];
