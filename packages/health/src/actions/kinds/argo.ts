import type { KubeObject } from '@plumbline/manifests';
import { fieldsAt, textAt, trueAt } from '../../read.ts';
import { icons, setting } from '../action-parts.ts';
import { minuteStamp, timestamp } from '../edit-object.ts';
import type { ActionInput, BuiltInAction } from '../types.ts';

const automated = ['spec', 'syncPolicy', 'automated', 'enabled'] as const;

function syncsItself(object: KubeObject): boolean {
  const { automated: policy } = fieldsAt(object, 'spec', 'syncPolicy');
  return typeof policy === 'object' && policy !== null && fieldsAt(policy)['enabled'] !== false;
}

/** Switches automated sync off and on, keeping its options. */
export const applicationActions: readonly BuiltInAction[] = [
  setting('toggle-auto-sync', automated, {
    value: (_, object) => !syncsItself(object),
    offer: (object) => ({
      disabled: false,
      displayName: syncsItself(object) ? 'Disable Auto-Sync' : 'Enable Auto-Sync',
    }),
  }),
];

const ended = ['Successful', 'Failed', 'Error', 'Inconclusive'];

/** Ends a run of an analysis. */
export const analysisRunActions: readonly BuiltInAction[] = [
  setting('terminate', ['spec', 'terminate'], {
    value: () => true,
    offer: (object) => ({
      disabled: trueAt(object, 'spec', 'terminate') || ended.includes(textAt(object, 'status', 'phase')),
    }),
  }),
];

function createWorkflow(
  fill: (object: KubeObject, input: ActionInput) => { metadata: object; spec: object },
): BuiltInAction {
  return {
    name: 'create-workflow',
    offer: () => ({ iconClass: icons.create, displayName: 'Create Workflow' }),
    run: (object, input) => {
      const { apiVersion, kind, metadata } = object;
      const { metadata: more, spec } = fill(object, input);
      const workflow = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        metadata: {
          ...more,
          name: `${metadata.name}-${minuteStamp(input.now)}`,
          namespace: metadata.namespace,
          ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
        },
        spec,
      };
      return [{ operation: 'create', resource: workflow as KubeObject }];
    },
  };
}

const instanceId = 'workflows.argoproj.io/controller-instanceid';

/** Runs a CronWorkflow now, as `argo submit --from` does. */
export const cronWorkflowActions: readonly BuiltInAction[] = [
  createWorkflow((object, { now }) => {
    const given = fieldsAt(object, 'spec', 'workflowMetadata');
    const instance = object.metadata.labels?.[instanceId];
    const finalizers = fieldsAt(given)['finalizers'];
    return {
      metadata: {
        labels: {
          ...fieldsAt(given, 'labels'),
          'workflows.argoproj.io/cron-workflow': object.metadata.name,
          ...(instance === undefined ? {} : { [instanceId]: instance }),
        },
        annotations: {
          ...fieldsAt(given, 'annotations'),
          'workflows.argoproj.io/scheduled-time': timestamp(now),
        },
        ...(Array.isArray(finalizers) ? { finalizers } : {}),
      },
      spec: fieldsAt(object, 'spec', 'workflowSpec'),
    };
  }),
];

/** Runs a WorkflowTemplate. */
export const workflowTemplateActions: readonly BuiltInAction[] = [
  createWorkflow(({ metadata: { name } }) => ({
    metadata: { labels: { 'workflows.argoproj.io/workflow-template': name } },
    spec: { workflowTemplateRef: { name } },
  })),
];
