import type { KubeObject } from '@plumbline/manifests';
import { textAt, trueAt } from '../../read.ts';
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

/** Merges a pull request of GitOps Promoter. */
export const pullRequestActions: readonly BuiltInAction[] = [
  setting('merge', ['spec', 'state'], {
    value: () => 'merged',
    offer: (object) => ({
      disabled: textAt(object, 'spec', 'state') !== 'open',
      displayName: 'Merge PR',
      iconClass: 'fa fa-fw fa-code-merge',
    }),
  }),
];

const isAtRest = (object: KubeObject) => trueAt(object, 'spec', 'pause');

/** Stops a MongoDB of Percona, keeping its data, and starts it again. */
export const perconaMongoDbActions: readonly BuiltInAction[] = [
  setting('pause', ['spec', 'pause'], {
    value: () => true,
    offer: (object) => ({ disabled: isAtRest(object), iconClass: icons.pause }),
  }),
  setting('unpause', ['spec', 'pause'], {
    value: () => false,
    offer: (object) => ({ disabled: !isAtRest(object), iconClass: icons.resume }),
  }),
];
