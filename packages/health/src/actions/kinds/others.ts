import type { KubeObject } from '@plumbline/manifests';
import { trueAt } from '../../read.ts';
import { icons, setting } from '../action-parts.ts';
import type { BuiltInAction } from '../types.ts';

const rollingUpdate = 'strimzi.io/manual-rolling-update';

/** Restarts the Pods of a Strimzi set one after the other. */
export const strimziPodSetActions: readonly BuiltInAction[] = [
  setting('rolling-update', ['metadata', 'annotations', rollingUpdate], {
    value: () => 'true',
    offer: ({ metadata }) => ({ disabled: metadata.annotations?.[rollingUpdate] === 'true' }),
  }),
];

const isSuspended = (object: KubeObject) => trueAt(object, 'spec', 'suspend');

/** Keeps the operator from touching a MariaDB, and lets it again. */
export const mariaDbActions: readonly BuiltInAction[] = [
  setting('suspend', ['spec', 'suspend'], {
    value: () => true,
    offer: (object) => (isSuspended(object) ? undefined : { iconClass: icons.suspend, displayName: 'Suspend' }),
  }),
  setting('resume', ['spec', 'suspend'], {
    value: () => false,
    offer: (object) => (isSuspended(object) ? { iconClass: icons.play, displayName: 'Resume' } : undefined),
  }),
];
