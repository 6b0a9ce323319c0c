import type { KubeObject } from '@plumbline/manifests';
import { fieldsAt, trueAt } from '../../read.ts';
import { icons, setting } from '../action-parts.ts';
import { minuteStamp } from '../edit-object.ts';
import type { ActionOperation, BuiltInAction } from '../types.ts';

/** Runs a CronJob now (as `kubectl create job --from`), suspends and resumes it. */
export const cronJobActions: readonly BuiltInAction[] = [
  {
    name: 'create-job',
    offer: () => ({ iconClass: icons.create, displayName: 'Create Job' }),
    run: (object, { now }) => [jobOf(object, minuteStamp(now).slice(2))],
  },
  setting('suspend', ['spec', 'suspend'], {
    value: () => true,
    offer: (object) => (trueAt(object, 'spec', 'suspend') ? undefined : { iconClass: icons.suspend }),
  }),
  setting('resume', ['spec', 'suspend'], {
    value: () => false,
    offer: (object) => (trueAt(object, 'spec', 'suspend') ? { iconClass: icons.play } : undefined),
  }),
];

function jobOf(object: KubeObject, stamp: string): ActionOperation {
  const { apiVersion, kind, metadata } = object;
  const template = fieldsAt(object, 'spec', 'jobTemplate');
  const owner = {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const annotations = {
    ...fieldsAt(template, 'metadata', 'annotations'),
    'cronjob.kubernetes.io/instantiate': 'manual',
  };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...fieldsAt(template, 'metadata'),
      name: `${metadata.name}-${stamp}`,
      namespace: metadata.namespace,
      annotations,
      ownerReferences: [owner],
    },
    spec: fieldsAt(template, 'spec'),
  };
  return { operation: 'create', resource: job as KubeObject };
}
