import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, test } from 'vitest';
import type { ActionRule } from '../rules.ts';
import { createActions } from './create-actions.ts';

const now = new Date('2026-03-01T10:20:30.400Z');

function object(apiVersion: string, kind: string, more: object = {}): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: 'x', namespace: 'web', uid: 'u', generation: 1 },
    ...more,
  } as KubeObject;
}

const deployment = (spec: object = {}) =>
  object('apps/v1', 'Deployment', { spec: { replicas: 1, template: {}, ...spec } });

function rule(more: Partial<ActionRule> = {}): ActionRule {
  return {
    pattern: 'apps/Deployment',
    key: 'resource.customizations.actions.apps_Deployment',
    discovery: 'return {shout = {disabled = obj.spec.replicas == 0, displayName = "Shout"}}',
    definitions: [{ name: 'shout', script: 'obj.metadata.labels = {shout = actionParams.word} return obj' }],
    mergeBuiltIn: false,
    openLibraries: false,
    ...more,
  };
}

async function names(target: KubeObject, rules: ActionRule[] = []) {
  const offered = await createActions(() => rules).list(target);
  return offered.map(({ name, disabled }) => (disabled ? `(${name})` : name)).join(' ');
}

function run(target: KubeObject, name: string, parameters: Record<string, string> = {}, rules: ActionRule[] = []) {
  return createActions(() => rules).run(target, name, { parameters, now });
}

const flux = (spec: object) => object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', { spec });
const canary = { strategy: { canary: { steps: [{}, {}] } } };
const rollout = (status: object, spec: object = canary) => object('argoproj.io/v1alpha1', 'Rollout', { spec, status });
const cnpg = object('postgresql.cnpg.io/v1', 'Cluster', {
  status: { currentPrimary: 'x-2', instancesStatus: { healthy: ['x-1', 'x-2'] } },
});
const cronJob = (spec: object = {}) =>
  object('batch/v1', 'CronJob', {
    spec: { jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { backoffLimit: 1 } }, ...spec },
  });
const job = (status?: object, spec: object = {}) => object('batch/v1', 'Job', { spec, ...(status ? { status } : {}) });
const keda = (annotations: object) => ({
  ...object('keda.sh/v1alpha1', 'ScaledObject'),
  metadata: { name: 'x', annotations } as KubeObject['metadata'],
});

describe('built-in actions are offered by the state of the object', () => {
  test.each<[string, KubeObject, string]>([
    ['a Deployment', deployment(), 'pause restart (resume) scale'],
    ['a paused Deployment', deployment({ paused: true }), '(pause) restart resume scale'],
    ['a StatefulSet', object('apps/v1', 'StatefulSet'), 'restart scale'],
    ['a DaemonSet', object('apps/v1', 'DaemonSet'), 'restart'],
    ['a CronJob', cronJob(), 'create-job suspend'],
    ['a suspended CronJob', cronJob({ suspend: true }), 'create-job resume'],
    ['a new Job', job(), 'suspend'],
    ['a running Job', job({ active: 1 }), 'suspend terminate'],
    ['a suspended Job', job({ active: 0 }, { suspend: true }), 'resume terminate'],
    ['a complete Job', job({ conditions: [{ type: 'Complete', status: 'True' }] }), ''],
    ['a suspended Kustomization', flux({ suspend: true }), '(reconcile) resume (suspend)'],
    ['a Kustomization', flux({}), 'reconcile (resume) suspend'],
    [
      'a Rollout under way',
      rollout({
        currentPodHash: 'b',
        stableRS: 'a',
        observedGeneration: '1',
        currentStepIndex: 1,
        pauseConditions: [{}],
      }),
      'abort pause promote-full restart resume (retry) skip-current-step',
    ],
    [
      'a promoted Rollout',
      rollout({ currentPodHash: 'a', stableRS: 'a', observedGeneration: '1', currentStepIndex: 2 }),
      '(abort) (pause) (promote-full) restart (resume) (retry) (skip-current-step)',
    ],
    ['a ScaledObject', keda({}), 'pause paused-replicas (resume)'],
    ['a paused ScaledObject', keda({ 'autoscaling.keda.sh/paused': 'true' }), '(pause) (paused-replicas) resume'],
    ['a PostgreSQL cluster', cnpg, 'promote reload restart suspend'],
    [
      'a pull request',
      object('promoter.argoproj.io/v1alpha1', 'PullRequest', { spec: { state: 'closed' } }),
      '(merge)',
    ],
    ['a MongoDB', object('psmdb.percona.com/v1', 'PerconaServerMongoDB', { spec: { pause: true } }), '(pause) unpause'],
    ['an Application', object('argoproj.io/v1alpha1', 'Application'), 'toggle-auto-sync'],
    ['a ConfigMap has none', object('v1', 'ConfigMap'), ''],
  ])('%s', async (_, target, expected) => {
    expect(await names(target)).toBe(expected);
  });
});

describe('built-in actions change', () => {
  const restarted = 'kubectl.kubernetes.io/restartedAt';
  const app = (automated?: object) =>
    object('argoproj.io/v1alpha1', 'Application', { spec: { syncPolicy: automated ? { automated } : {} } });
  test.each<[string, KubeObject, [string, Record<string, string>?], object]>([
    [
      'the template of what is restarted',
      deployment(),
      ['restart'],
      { spec: { replicas: 1, template: { metadata: { annotations: { [restarted]: '2026-03-01T10:20:30Z' } } } } },
    ],
    ['the pause of a Deployment', deployment(), ['pause'], { spec: { paused: true } }],
    ['the number of replicas', deployment(), ['scale', { replicas: '3' }], { spec: { replicas: 3, template: {} } }],
    [
      'automated sync that is on',
      app({ prune: true }),
      ['toggle-auto-sync'],
      { spec: { syncPolicy: { automated: { prune: true, enabled: false } } } },
    ],
    [
      'automated sync that is absent',
      app(),
      ['toggle-auto-sync'],
      { spec: { syncPolicy: { automated: { enabled: true } } } },
    ],
    [
      'the step of a Rollout',
      rollout({ currentStepIndex: 0 }),
      ['skip-current-step'],
      { status: { currentStepIndex: 1 } },
    ],
    [
      'the promotion of a Rollout',
      rollout({ observedGeneration: '1' }),
      ['promote-full'],
      { status: { promoteFull: true } },
    ],
    [
      'the primary of a cluster',
      cnpg,
      ['promote'],
      { status: { targetPrimary: 'x-1', phase: 'Switchover in progress' } },
    ],
    ['the primary by number', cnpg, ['promote', { instance: '1' }], { status: { targetPrimary: 'x-1' } }],
    [
      'the end of a Job',
      job({ active: 1 }),
      ['terminate'],
      { status: { conditions: [{ type: 'FailureTarget', reason: 'ManuallyTerminated' }] } },
    ],
  ])('%s', async (_, target, [name, parameters], expected) => {
    const operations = await run(target, name, parameters);
    expect(operations).toMatchObject([{ operation: 'patch', resource: { ...expected, kind: target.kind } }]);
  });

  test('the pause away when a Deployment is resumed', async () => {
    const [operation] = await run(deployment({ paused: true }), 'resume');
    expect(operation?.resource).toEqual(deployment());
  });

  test('nothing of the object they were given', async () => {
    const target = deployment();
    await run(target, 'restart');
    expect(target).toEqual(deployment());
  });

  test('nothing, and create a Job of a CronJob', async () => {
    expect(await run(cronJob(), 'create-job')).toEqual([
      {
        operation: 'create',
        resource: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: {
            name: 'x-2603011020',
            namespace: 'web',
            labels: { a: 'b' },
            annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
            ownerReferences: [
              {
                apiVersion: 'batch/v1',
                kind: 'CronJob',
                name: 'x',
                uid: 'u',
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          },
          spec: { backoffLimit: 1 },
        },
      },
    ]);
  });

  test.each(['', 'many', '-1', '1.5'])('nothing for a number of replicas like %j', async (replicas) => {
    await expect(run(deployment(), 'scale', { replicas })).rejects.toMatchObject({ code: 'ACTION_INVALID' });
  });
});

describe("users' actions", () => {
  test('take the place of the built-in ones, or come before them', async () => {
    expect(await names(deployment(), [rule()])).toBe('shout');
    expect(await names(deployment({ replicas: 0 }), [rule({ mergeBuiltIn: true })])).toBe(
      'pause restart (resume) scale (shout)',
    );
    const own = rule({ mergeBuiltIn: true, discovery: 'return {restart = {displayName = "Mine"}}' });
    expect((await createActions(() => [own]).list(deployment())).find(({ name }) => name === 'restart')).toEqual({
      name: 'restart',
      disabled: false,
      displayName: 'Mine',
    });
  });

  test('get their parameters and may change the object', async () => {
    const [operation] = await run(deployment(), 'shout', { word: 'hey' }, [rule()]);
    expect(operation).toMatchObject({ operation: 'patch', resource: { metadata: { labels: { shout: 'hey' } } } });
  });

  test('may return operations', async () => {
    const script =
      'return {{operation = "create", resource = {apiVersion = "v1", kind = "ConfigMap", metadata = {name = "new"}}}}';
    const operations = await run(deployment(), 'make', {}, [rule({ definitions: [{ name: 'make', script }] })]);
    expect(operations).toEqual([
      { operation: 'create', resource: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' } } },
    ]);
  });

  test('do not turn empty objects into lists', async () => {
    const target = deployment({ template: { spec: { volumes: [{ emptyDir: {} }], containers: [] } } });
    const [operation] = await run(target, 'same', {}, [
      rule({ definitions: [{ name: 'same', script: 'return obj' }] }),
    ]);
    expect(operation?.resource).toEqual(target);
  });

  test.each<[string, string, string]>([
    ['that fail', 'error("no way", 0)', 'no way'],
    ['that return text', 'return "x"', 'expect table output from Lua script, not string'],
    ['that return no object', 'return {a = 1}', 'no Kubernetes object'],
    ['that want to delete', 'return {{operation = "delete", resource = obj}}', 'unsupported operation: "delete"'],
  ])('%s are told with their key', async (_, script, message) => {
    const failing = run(deployment(), 'go', {}, [rule({ definitions: [{ name: 'go', script }] })]);
    await expect(failing).rejects.toMatchObject({
      code: 'ACTION_SCRIPT_FAILED',
      message: expect.stringContaining(message),
    });
    await expect(failing).rejects.toThrow('resource.customizations.actions.apps_Deployment');
  });

  test('that do not exist are refused with those that do', async () => {
    await expect(run(deployment(), 'explode')).rejects.toMatchObject({
      code: 'ACTION_UNKNOWN',
      hint: 'its actions are restart, pause, resume, scale',
    });
  });
});
