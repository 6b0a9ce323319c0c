import { trueAt } from '../../read.ts';
import { icons, restart, scale, setting } from '../action-parts.ts';
import type { BuiltInAction } from '../types.ts';

/** Restart, pause and resume of a rollout, scale. */
export const deploymentActions: readonly BuiltInAction[] = [
  restart,
  setting('pause', ['spec', 'paused'], {
    value: () => true,
    offer: (object) => ({ disabled: trueAt(object, 'spec', 'paused'), iconClass: icons.pause }),
  }),
  setting('resume', ['spec', 'paused'], {
    value: () => undefined,
    offer: (object) => ({ disabled: !trueAt(object, 'spec', 'paused'), iconClass: icons.resume }),
  }),
  scale,
];
