import type { KubeObject } from '@plumbline/manifests';
import { countAt, fieldsAt, listAt, textAt, trueAt } from '../../read.ts';
import { setting } from '../action-parts.ts';
import { patched, timestamp, withField } from '../edit-object.ts';
import type { BuiltInAction } from '../types.ts';

const isPromoted = (object: KubeObject) =>
  textAt(object, 'status', 'currentPodHash') === textAt(object, 'status', 'stableRS');
const isAborted = (object: KubeObject) => trueAt(object, 'status', 'abort');
const pausesOf = (object: KubeObject) => listAt(object, 'status', 'pauseConditions').length;
const stepsOf = (object: KubeObject) => listAt(object, 'spec', 'strategy', 'canary', 'steps').length;
const isPaused = (object: KubeObject) =>
  fieldsAt(object, 'status')['pauseConditions'] !== undefined ? pausesOf(object) > 0 : trueAt(object, 'spec', 'paused');

/** Rollouts before 0.10 wrote a hash in place of the observed generation, and cannot be promoted by a flag. */
function isOld(object: KubeObject): boolean {
  const seen = Number(fieldsAt(object, 'status')['observedGeneration'] ?? Number.NaN);
  return Number.isNaN(seen) || seen > countAt(object, 'metadata', 'generation');
}

function withoutPauses(object: KubeObject): KubeObject {
  return pausesOf(object) > 0 ? withField(object, ['status', 'pauseConditions'], undefined) : object;
}

function promoted(object: KubeObject): KubeObject {
  if (!isOld(object)) return withField(object, ['status', 'promoteFull'], true);
  const resumed = withField(object, ['status', 'abort'], undefined);
  return stepsOf(object) > 0 ? withField(resumed, ['status', 'currentStepIndex'], stepsOf(object)) : resumed;
}

/** What the plugin `kubectl argo rollouts` does, on the object. */
export const rolloutActions: readonly BuiltInAction[] = [
  setting('restart', ['spec', 'restartAt'], {
    value: ({ now }) => timestamp(now),
    offer: () => ({ disabled: false, displayName: 'Restart Pods' }),
  }),
  {
    name: 'resume',
    offer: (object) => ({ disabled: !isPaused(object) }),
    run: (object) => {
      const resumed = withoutPauses(object);
      return patched(trueAt(object, 'spec', 'paused') ? withField(resumed, ['spec', 'paused'], false) : resumed);
    },
  },
  setting('pause', ['spec', 'paused'], {
    value: () => true,
    offer: (object) => ({ disabled: isPromoted(object) || isAborted(object) || trueAt(object, 'spec', 'paused') }),
  }),
  setting('abort', ['status', 'abort'], {
    value: () => true,
    offer: (object) => ({ disabled: isPromoted(object) || isAborted(object) }),
  }),
  setting('retry', ['status', 'abort'], {
    value: () => undefined,
    offer: (object) => ({ disabled: isPromoted(object) || !isAborted(object) }),
  }),
  {
    name: 'promote-full',
    offer: (object) => ({
      disabled:
        isPromoted(object) || (isOld(object) && fieldsAt(object, 'spec', 'strategy')['blueGreen'] !== undefined),
    }),
    run: (object) => patched(promoted(object)),
  },
  {
    name: 'skip-current-step',
    offer: (object) => ({ disabled: countAt(object, 'status', 'currentStepIndex') >= stepsOf(object) }),
    run: (object) => {
      const step = countAt(object, 'status', 'currentStepIndex');
      if (step >= stepsOf(object)) return [];
      return patched(withField(withoutPauses(object), ['status', 'currentStepIndex'], step + 1));
    },
  },
];
