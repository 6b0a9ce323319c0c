import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { trueAt } from '../read.ts';
import { patched, timestamp, withField } from './edit-object.ts';
import type { ActionInput, BuiltInAction, OfferedAction } from './types.ts';

type Offer = Omit<OfferedAction, 'name'>;

export const icons = {
  restart: 'fa fa-fw fa-redo',
  pause: 'fa fa-fw fa-pause-circle',
  resume: 'fa fa-fw fa-play-circle',
  suspend: 'fa fa-fw fa-pause',
  play: 'fa fa-fw fa-play',
  scale: 'fa fa-fw fa-plus-circle',
  create: 'fa fa-fw fa-plus',
  stop: 'fa fa-fw fa-stop',
} as const;

/** An action that sets one field. */
export function setting(
  name: string,
  path: readonly string[],
  options: {
    value: (input: ActionInput, object: KubeObject) => unknown;
    offer?: (object: KubeObject) => Offer | undefined;
  },
): BuiltInAction {
  return {
    name,
    offer: options.offer ?? (() => ({})),
    run: (object, input) => patched(withField(object, path, options.value(input, object))),
  };
}

/** Starts the Pods of a workload anew, one after the other, as `kubectl rollout restart` does. */
export const restart = setting(
  'restart',
  ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'],
  { value: ({ now }) => timestamp(now), offer: () => ({ iconClass: icons.restart }) },
);

/** Sets `spec.replicas` to the parameter `replicas`. */
export const scale = setting('scale', ['spec', 'replicas'], {
  value: ({ parameters }) => wholeNumber(parameters['replicas']),
  offer: () => ({ iconClass: icons.scale, params: [{ name: 'replicas' }] }),
});

/** `suspend` and `resume` by `spec.suspend`: both are shown, and the one that makes no sense now is disabled. */
export function suspension(): BuiltInAction[] {
  const isSuspended = (object: KubeObject) => trueAt(object, 'spec', 'suspend');
  return [
    setting('suspend', ['spec', 'suspend'], {
      value: () => true,
      offer: (object) => ({ disabled: isSuspended(object) }),
    }),
    setting('resume', ['spec', 'suspend'], {
      value: () => false,
      offer: (object) => ({ disabled: !isSuspended(object) }),
    }),
  ];
}

/** A count that a user gave as text. Throws `ACTION_INVALID`. */
export function wholeNumber(text: string | undefined): number {
  if (text !== undefined && /^\d{1,9}$/.test(text.trim())) return Number(text);
  const given = text === undefined || text === '' ? 'nothing' : JSON.stringify(text);
  throw new PlumblineError('ACTION_INVALID', `the parameter replicas must be a whole number, not ${given}`, {
    retry: 'terminal',
  });
}
