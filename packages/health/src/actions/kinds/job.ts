import type { KubeObject } from '@plumbline/manifests';
import { conditionsOf, fieldsAt, listAt, trueAt } from '../../read.ts';
import { icons, setting } from '../action-parts.ts';
import { patched, timestamp, withField } from '../edit-object.ts';
import type { BuiltInAction } from '../types.ts';

const ends = ['Complete', 'Failed', 'FailureTarget', 'SuccessCriteriaMet'];
const hasEnded = (object: KubeObject) =>
  conditionsOf(object).some(({ type, status }) => ends.includes(type) && status === 'True');

/** Suspends, resumes and ends a Kubernetes Job that has not ended. */
export const jobActions: readonly BuiltInAction[] = [
  setting('suspend', ['spec', 'suspend'], {
    value: () => true,
    offer: (object) =>
      hasEnded(object) || trueAt(object, 'spec', 'suspend') ? undefined : { iconClass: icons.suspend },
  }),
  setting('resume', ['spec', 'suspend'], {
    value: () => false,
    offer: (object) => (!hasEnded(object) && trueAt(object, 'spec', 'suspend') ? { iconClass: icons.play } : undefined),
  }),
  {
    name: 'terminate',
    offer: (object) =>
      hasEnded(object) || Object.keys(fieldsAt(object, 'status')).length === 0 ? undefined : { iconClass: icons.stop },
    run: (object, { now }) => {
      if (hasEnded(object)) return [];
      const end = {
        type: 'FailureTarget',
        status: 'True',
        reason: 'ManuallyTerminated',
        message: 'The Job was terminated by a user',
        lastTransitionTime: timestamp(now),
        lastProbeTime: timestamp(now),
      };
      return patched(withField(object, ['status', 'conditions'], [...listAt(object, 'status', 'conditions'), end]));
    },
  },
];
