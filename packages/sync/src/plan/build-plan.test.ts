import { finalizers } from '@plumbline/apis';
import { describe, expect, test } from 'vitest';
import { added, changed, context, object, removed, request, same, widgetDefinition } from '../testing/builders.ts';
import type { SyncPair, SyncPlan, SyncRequest, SyncTask } from '../types.ts';
import { buildPlan } from './build-plan.ts';

function tasksOf(plan: SyncPlan): SyncTask[] {
  return plan.phases.flatMap(({ waves }) => waves.flatMap(({ tasks }) => tasks));
}

/** The plan in one line per wave: `Sync 0: ConfigMap/a -ConfigMap/b`; a minus marks what is pruned. */
function outline(pairs: SyncPair[], more: Partial<SyncRequest> = {}): string[] {
  const plan = buildPlan(pairs, request(more), context);
  return plan.phases.flatMap(({ phase, waves }) =>
    waves.map(({ wave, tasks }) => {
      const names = tasks.map((task) => `${task.action === 'prune' ? '-' : ''}${task.key.kind}/${task.key.name}`);
      return `${phase} ${wave}: ${names.join(' ')}`;
    }),
  );
}

const map = (name: string, notes?: Record<string, string>) => object(`ConfigMap/${name}`, notes);

const orders: [string, SyncPair[], Partial<SyncRequest>, string[]][] = [
  [
    'orders by phase, wave, kind and name',
    [
      added(object('Deployment/web')),
      added(map('post', { hook: 'PostSync' })),
      added(object('Service/web')),
      added(map('b')),
      added(map('a')),
      added(map('late', { wave: '5' })),
      added(map('early', { wave: '-3' })),
      added(map('pre', { hook: 'PreSync' })),
      added(map('rescue', { hook: 'SyncFail' })),
      added(map('in', { hook: 'Sync', wave: '5' })),
    ],
    {},
    [
      'PreSync 0: ConfigMap/pre',
      'Sync -3: ConfigMap/early',
      'Sync 0: ConfigMap/a ConfigMap/b Service/web Deployment/web',
      'Sync 5: ConfigMap/in ConfigMap/late',
      'PostSync 0: ConfigMap/post',
      'SyncFail 0: ConfigMap/rescue',
    ],
  ],
  [
    'runs a hook once in each of its phases',
    [added(object('Job/twice', { hook: 'PreSync, PostSync' }))],
    {},
    ['PreSync 0: Job/twice', 'PostSync 0: Job/twice'],
  ],
  [
    'leaves out skipped, unknown and deletion hooks',
    [
      added(map('skip', { hook: 'Skip' })),
      added(map('odd', { hook: 'Sometime' })),
      added(map('delete', { hook: 'PostDelete' })),
    ],
    {},
    [],
  ],
  [
    'maps Helm hooks to phases and their weights to waves',
    [
      added(map('pre', { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': '-5' })),
      added(map('post', { 'helm.sh/hook': 'post-upgrade', 'helm.sh/hook-weight': '7' })),
      added(map('test', { 'helm.sh/hook': 'test' })),
      added(map('rollback', { 'helm.sh/hook': 'post-rollback' })),
      added(map('crd', { 'helm.sh/hook': 'crd-install' })),
      added(map('own', { 'helm.sh/hook': 'pre-install', hook: 'PostSync' })),
    ],
    {},
    ['PreSync -5: ConfigMap/pre', 'Sync 0: ConfigMap/crd', 'PostSync 0: ConfigMap/own', 'PostSync 7: ConfigMap/post'],
  ],
  [
    'leaves hooks out of a sync by the apply strategy',
    [added(map('a')), added(map('pre', { hook: 'PreSync' }))],
    { strategy: 'apply' },
    ['Sync 0: ConfigMap/a'],
  ],
  [
    'takes only the chosen resources, without hooks',
    [added(map('a')), added(map('b')), removed(map('c')), added(map('pre', { hook: 'PreSync' }))],
    {
      resources: [
        { kind: 'ConfigMap', name: 'a' },
        { kind: 'ConfigMap', name: 'b', namespace: 'elsewhere' },
        { kind: 'ConfigMap', name: 'c', namespace: 'web' },
        { kind: 'ConfigMap', name: 'pre' },
      ],
    },
    ['Sync 0: ConfigMap/a -ConfigMap/c'],
  ],
  [
    'takes an empty choice for all',
    [added(map('a')), added(map('pre', { hook: 'PreSync' }))],
    { resources: [] },
    ['PreSync 0: ConfigMap/pre', 'Sync 0: ConfigMap/a'],
  ],
  [
    'never prunes a hook that left the source',
    [removed(map('pre', { hook: 'PreSync' })), removed(map('test', { 'helm.sh/hook': 'test' }))],
    {},
    [],
  ],
  [
    'pulls a Namespace before the first object that lives in it',
    [
      added(object('Namespace/web', { wave: '3' })),
      added(map('a', { wave: '1' })),
      added(map('pre', { hook: 'PreSync', wave: '-9' })),
    ],
    {},
    ['PreSync -9: Namespace/web ConfigMap/pre', 'Sync 1: ConfigMap/a'],
  ],
  [
    'pulls a definition before the first object of its kind',
    [added(widgetDefinition), added(object('Widget/w', { wave: '-1' })), added(map('a', { wave: '-1' }))],
    {},
    ['Sync -1: ConfigMap/a CustomResourceDefinition/widgets.example.org Widget/w'],
  ],
  [
    'prunes waves in the reverse order',
    [
      removed(map('zero')),
      removed(map('one', { wave: '1' })),
      removed(map('two', { wave: '2' })),
      removed(map('five', { wave: '5' })),
      added(map('new', { wave: '1' })),
    ],
    {},
    [
      'Sync 0: -ConfigMap/five',
      'Sync 1: ConfigMap/new -ConfigMap/two',
      'Sync 2: -ConfigMap/one',
      'Sync 5: -ConfigMap/zero',
    ],
  ],
  [
    'prunes after everything else with PruneLast',
    [removed(map('old')), removed(map('last', { options: 'PruneLast=true' })), added(map('new', { wave: '4' }))],
    {},
    ['Sync 0: -ConfigMap/old', 'Sync 4: ConfigMap/new', 'Sync 5: -ConfigMap/last'],
  ],
  [
    'makes no wave of its own for what is not pruned',
    [removed(map('old', { wave: '7' })), removed(map('kept', { options: 'Prune=false', wave: '9' })), same(map('a'))],
    { prune: false, syncOptions: ['PruneLast=true'] },
    ['Sync 0: ConfigMap/a -ConfigMap/kept -ConfigMap/old'],
  ],
  [
    'leaves out what is in order with ApplyOutOfSyncOnly, but not hooks',
    [same(map('same')), changed(map('other')), added(map('post', { hook: 'PostSync' }))],
    { syncOptions: ['ApplyOutOfSyncOnly=true'] },
    ['Sync 0: ConfigMap/other', 'PostSync 0: ConfigMap/post'],
  ],
  [
    'creates a missing destination namespace before all that lives in it',
    [added(map('a')), added(map('pre', { hook: 'PreSync', wave: '-9' }))],
    { namespaceExists: false, syncOptions: ['CreateNamespace=true'] },
    ['PreSync -9: Namespace/web ConfigMap/pre', 'Sync 0: ConfigMap/a'],
  ],
  [
    'does not create the namespace unless asked to',
    [added(map('a'))],
    { namespaceExists: false },
    ['Sync 0: ConfigMap/a'],
  ],
  [
    'does not touch a namespace that is there',
    [added(map('a'))],
    { syncOptions: ['CreateNamespace=true'] },
    ['Sync 0: ConfigMap/a'],
  ],
  [
    'gives a namespace that is there its managed metadata',
    [added(map('a'))],
    { syncOptions: ['CreateNamespace=true'], managedNamespaceMetadata: { labels: { team: 'red' } } },
    ['PreSync 0: Namespace/web', 'Sync 0: ConfigMap/a'],
  ],
  [
    'prefers a manifest of the namespace to making one',
    [added(object('Namespace/web')), added(map('a'))],
    { namespaceExists: false, syncOptions: ['CreateNamespace=true'] },
    ['Sync 0: Namespace/web ConfigMap/a'],
  ],
];

describe('a plan', () => {
  test.each(orders)('%s', (_, pairs, more, expected) => {
    expect(outline(pairs, more)).toEqual(expected);
  });

  test('does not depend on the order of the pairs', () => {
    for (const [, pairs, more, expected] of orders) expect(outline([...pairs].reverse(), more)).toEqual(expected);
  });

  test('says of every task why it stands where it stands', () => {
    for (const [, pairs, more] of orders) {
      for (const task of tasksOf(buildPlan(pairs, request(more), context))) expect(task.reason).toMatch(/^[A-Z].+\.$/);
    }
    const pairs = [added(object('Namespace/web', { wave: '3' })), added(map('a', { wave: '1' }))];
    expect(tasksOf(buildPlan(pairs, request(), context))[0]?.reason).toBe(
      'Wave 3 of the Sync phase, as its annotation says. Moved before ConfigMap/a, which needs it.',
    );
  });
});

describe('a hook', () => {
  const hook = (notes: Record<string, string>) =>
    tasksOf(buildPlan([added(map('h', notes))], request(), context))[0] as SyncTask;

  test('without a name gets one from revision, phase and start', () => {
    const manifest = object('Job/', { hook: 'PostSync' });
    manifest.metadata.generateName = 'task-';
    const [task] = tasksOf(buildPlan([added(manifest)], request(), context));
    expect(task?.key.name).toBe('task-abcdef0-postsync-1767225600');
    expect(task?.target?.metadata).toMatchObject({ name: task?.key.name });
    expect(task?.target?.metadata.generateName).toBeUndefined();
  });

  test('is held by the hook finalizer until its result is read', () => {
    expect(hook({ hook: 'PreSync' }).target?.metadata.finalizers).toEqual([finalizers.hook]);
    expect(tasksOf(buildPlan([added(map('a'))], request(), context))[0]?.target?.metadata.finalizers).toBeUndefined();
  });

  test.each([
    [{ hook: 'PreSync' }, ['BeforeHookCreation']],
    [{ hook: 'PreSync', policy: 'HookSucceeded, HookFailed' }, ['HookSucceeded', 'HookFailed']],
    [{ hook: 'PreSync', policy: 'Nonsense' }, ['BeforeHookCreation']],
    [{ 'helm.sh/hook': 'pre-install', 'helm.sh/hook-delete-policy': 'hook-succeeded' }, ['HookSucceeded']],
    [
      { hook: 'PreSync', policy: 'HookFailed', 'helm.sh/hook-delete-policy': 'before-hook-creation' },
      ['HookFailed', 'BeforeHookCreation'],
    ],
  ])('with %j is deleted by %j', (notes, policies) => {
    expect(hook(notes).deletePolicies).toEqual(policies);
  });
});

describe('tasks that can never run', () => {
  const invalid = (pairs: SyncPair[], more: Partial<typeof context> = {}) =>
    buildPlan(pairs, request(), { ...context, ...more }).invalid.map(({ task, message }) => [task.key.name, message]);

  test('are those of an unknown kind', () => {
    expect(invalid([added(object('Widget/w')), added(map('a'))])).toEqual([
      ['w', expect.stringMatching(/does not know example.org\/v1\/Widget of the resource web\/w/)],
    ]);
  });

  test('are those that the project forbids, prunes included', () => {
    const permitted = (key: { name: string }) => (key.name === 'a' ? undefined : 'not in this project');
    expect(invalid([added(map('a')), added(map('b')), removed(map('c'))], { permitted })).toEqual([
      ['b', 'not in this project'],
      ['c', 'not in this project'],
    ]);
  });

  test.each([
    ['a definition comes in the same sync', [added(widgetDefinition), added(object('Widget/w'))], {}],
    ['an option says so', [added(object('Widget/w', { options: 'SkipDryRunOnMissingResource=true' }))], {}],
    ['something else brings it', [added(object('Widget/w'))], { kindKnown: () => 'coming' as const }],
  ])('are not those of a kind that is to come: %s', (_, pairs, more) => {
    expect(invalid(pairs, more)).toEqual([]);
    const tasks = tasksOf(buildPlan(pairs, request(), { ...context, ...more }));
    expect(tasks.find((task) => task.key.name === 'w')?.dryRunnable).toBe(false);
  });
});

describe('a dry run cannot judge', () => {
  const judged = (pairs: SyncPair[], more: Partial<SyncRequest>) =>
    tasksOf(buildPlan(pairs, request(more), context))
      .filter((task) => task.dryRunnable)
      .map((task) => `${task.key.kind}/${task.key.name}`);

  test('objects in a namespace that this sync makes', () => {
    expect(judged([added(object('Namespace/web')), added(map('a'))], {})).toEqual(['Namespace/web']);
    expect(judged([changed(object('Namespace/web')), added(map('a'))], {})).toEqual(['Namespace/web', 'ConfigMap/a']);
  });

  test('objects in the engine’s own namespace, when nothing is written', () => {
    const more = { namespaceExists: false, syncOptions: ['CreateNamespace=true'] };
    expect(judged([added(map('a'))], more)).toEqual(['Namespace/web', 'ConfigMap/a']);
    expect(judged([added(map('a'))], { ...more, dryRun: true })).toEqual(['Namespace/web']);
  });
});
