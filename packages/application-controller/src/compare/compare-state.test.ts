import { type Application, annotations } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { configMap, hookJob, mask, owned, shop } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { MemoryLive, tracking } from '../test-support/memory-live.ts';
import { targetState } from '../test-support/states.ts';
import { compareState, unknownState } from './compare-state.ts';
import { ResourceComparer } from './resource-comparer.ts';

interface Sides {
  targets?: KubeObject[];
  live?: KubeObject[];
  predict?: () => Promise<KubeObject>;
  bodyOf?: (node: unknown, apiVersion?: string) => Promise<KubeObject>;
  app?: Application;
  /** Why kinds cannot be seen. */
  doubts?: Record<string, string>;
}

async function compared({ targets = [], live = [], predict, bodyOf, app = shop(), doubts = {} }: Sides) {
  const cluster = new MemoryCluster();
  for (const object of live) cluster.put(object);
  const state = new MemoryLive(cluster, mask);
  Object.assign(state.doubts, doubts);
  return compareState({
    app,
    application: 'shop',
    target: targetState(targets),
    live: state,
    comparer: new ResourceComparer(),
    tracking,
    rules: { ignoreDifferences: [], ignoreStatus: 'all' },
    predict: predict ?? (async (object) => object),
    bodyOf: bodyOf ?? (async ({ key }) => cluster.objects.get(`${key.group}/${key.kind}/${key.namespace}/${key.name}`)),
  });
}

const a = owned(configMap('a'));
const notes = (more: Record<string, string>) => owned(configMap('a', '1', more));

describe('a comparison', () => {
  it.each<[string, Sides, string, string[]]>([
    ['is in sync where there is nothing', {}, 'Synced', []],
    ['is in sync where both sides are equal', { targets: [a], live: [a] }, 'Synced', ['a Synced']],
    [
      'is out of sync where they differ',
      { targets: [a], live: [owned(configMap('a', '2'))] },
      'OutOfSync',
      ['a OutOfSync'],
    ],
    ['is out of sync where an object is missing', { targets: [a] }, 'OutOfSync', ['a OutOfSync']],
    ['is out of sync where one is to be pruned', { live: [a] }, 'OutOfSync', ['a OutOfSync prune']],
    [
      'is in sync where what is left over is to be ignored',
      { live: [notes({ [annotations.compareOptions]: 'Other, IgnoreExtraneous' })] },
      'Synced',
      ['a OutOfSync prune'],
    ],
    ['does not judge hooks', { targets: [owned(hookJob('h', 'Sync'))] }, 'Synced', ['h Synced hook']],
    ['does not prune hooks', { live: [owned(hookJob('h', 'Sync'))] }, 'Synced', ['h Synced hook']],
    ['leaves objects of others alone', { live: [owned(configMap('a'), 'other'), configMap('b')] }, 'Synced', []],
  ])('%s', async (_case, sides, status, resources) => {
    const found = await compared(sides);
    expect(found.status).toBe(status);
    expect(
      found.resources.map(({ key, status: own, requiresPruning, hook }) =>
        [key.name, own, requiresPruning && 'prune', hook && 'hook'].filter(Boolean).join(' '),
      ),
    ).toEqual(resources);
  });

  it('sees an object that is live and not marked as ours', async () => {
    const unmarked = { ...configMap('a'), metadata: { name: 'a', namespace: 'web' } };
    const { resources } = await compared({ targets: [a], live: [unmarked] });
    expect(resources).toMatchObject([{ status: 'OutOfSync', liveObject: { data: { key: '1' } } }]);
  });

  it('does not count the annotation that an object tracked by label does not have yet', async () => {
    const labelled = (instance: string): KubeObject => ({
      ...configMap('a'),
      metadata: { name: 'a', namespace: 'web', labels: { 'app.kubernetes.io/instance': instance } },
    });
    const target = owned(labelled('shop'));
    expect((await compared({ targets: [target], live: [labelled('shop')] })).status).toBe('Synced');
    expect((await compared({ targets: [owned(labelled('web'))], live: [labelled('web')] })).status).toBe('OutOfSync');
  });

  it('warns where an object belongs to two Applications', async () => {
    const { shared } = await compared({ targets: [a], live: [owned(configMap('a'), 'other')] });
    expect(shared.map(({ message }) => message)).toEqual(['ConfigMap/a is part of applications shop and other']);
  });

  it('is Unknown where an object cannot be judged now, and goes on with the others', async () => {
    const { status, resources, problems } = await compared({
      targets: [a, owned(configMap('b'))],
      live: [owned(configMap('a', '2')), owned(configMap('b'))],
      predict: () => Promise.reject(new PlumblineError('KUBE_UNAVAILABLE', 'webhook down', { retry: 'transient' })),
    });
    expect(status).toBe('Unknown');
    expect(resources.map((item) => item.status)).toEqual(['Unknown', 'Synced']);
    expect(problems).toEqual(['ConfigMap/a cannot be compared now: webhook down']);
  });

  it('lists objects by group, kind, namespace and name, with their waves', async () => {
    const targets = [owned(configMap('b', '1', { [annotations.syncWave]: '2' })), a, owned(hookJob('h', 'Sync'))];
    const { resources } = await compared({ targets });
    expect(resources.map(({ key, syncWave }) => [key.name, syncWave])).toEqual([
      ['a', 0],
      ['b', 2],
      ['h', 0],
    ]);
  });

  it('keeps objects apart that get their names from the server', async () => {
    const hook = { ...hookJob('', 'PreSync'), metadata: { generateName: 'm-', namespace: 'web' } };
    const targets = [hook, { ...hook, metadata: { ...hook.metadata, generateName: 'n-' } }];
    const marked = targets.map((object) => ({
      ...object,
      metadata: { ...object.metadata, annotations: { [annotations.hook]: 'PreSync' } },
    }));
    expect((await compared({ targets: marked })).resources).toHaveLength(2);
  });
});

describe('the health of the Application', () => {
  const child = (name: string, namespace: string): KubeObject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace,
      annotations: { [annotations.trackingId]: `shop:argoproj.io/Application:${namespace}/${name}` },
    },
    status: { health: { status: 'Degraded' } },
  });

  const ignored = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, [annotations.ignoreHealthcheck]: 'true' },
    },
  });

  it.each<[string, Sides, string]>([
    ['is Missing where nothing is there', { targets: [a] }, 'Missing'],
    ['is that of its children', { targets: [child('b', 'argocd')], live: [child('b', 'argocd')] }, 'Degraded'],
    ['is not its own', { targets: [child('shop', 'argocd'), a], live: [child('shop', 'argocd'), a] }, 'Healthy'],
    [
      'leaves out what asks for it',
      { targets: [child('b', 'argocd'), a], live: [ignored(child('b', 'argocd')), a] },
      'Healthy',
    ],
    [
      'does not leave out what will ask for it only when it is synced',
      { targets: [ignored(child('b', 'argocd'))], live: [child('b', 'argocd')] },
      'Degraded',
    ],
  ])('%s', async (_case, sides, health) => {
    expect((await compared(sides)).health.status).toBe(health);
  });
});

it('judges nothing where the target is not known', () => {
  const cluster = new MemoryCluster();
  cluster.put(a);
  expect(unknownState('shop', new MemoryLive(cluster, mask))).toMatchObject({
    status: 'Unknown',
    resources: [{ status: 'Unknown', requiresPruning: false, key: { name: 'a' } }],
  });
  expect(unknownState('shop', undefined)).toMatchObject({ status: 'Unknown', resources: [] });
});

describe('the metadata of the destination namespace', () => {
  const namespace = (labels: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'web', labels },
  });
  const managing = (syncOptions: string[]) => ({
    ...shop().spec,
    syncPolicy: { syncOptions, managedNamespaceMetadata: { labels: { team: 'a' } } },
  });
  it.each([
    ['has to be as the Application manages it', ['CreateNamespace=true'], { team: 'b' }, 'OutOfSync'],
    ['may have more', ['CreateNamespace=true'], { team: 'a', more: 'c' }, 'Synced'],
    ['is not managed without CreateNamespace', [], { team: 'b' }, 'Synced'],
  ])('%s', async (_case, syncOptions, labels, expected) => {
    const app = { ...shop(), spec: managing(syncOptions) };
    expect((await compared({ targets: [a], live: [a, namespace(labels)], app })).status).toBe(expected);
  });
});

describe('a kind that cannot be seen', () => {
  const doubts = { '/ConfigMap': 'conversion webhook failed' };

  it('is named once, and neither missing nor to be pruned', async () => {
    const targets = [a, owned(configMap('b'))];
    const { status, resources, problems } = await compared({ targets, live: [owned(configMap('c'))], doubts });
    expect(status).toBe('Unknown');
    expect(resources.map(({ key, status: one, requiresPruning }) => [key.name, one, requiresPruning])).toEqual([
      ['a', 'Unknown', false],
      ['b', 'Unknown', false],
      ['c', 'Unknown', false],
    ]);
    expect(problems).toEqual(['objects of the kind ConfigMap cannot be seen now: conversion webhook failed']);
  });

  it('does not touch Applications without it', async () => {
    const { status, problems } = await compared({ targets: [a], live: [a], doubts: { '/Secret': 'forbidden' } });
    expect([status, problems]).toEqual(['Synced', []]);
  });
});

it('an object in a version that its sync is to bring is out of sync, and no failure', async () => {
  const missing = new PlumblineError('KUBE_NO_SUCH_KIND', 'no such version', { retry: 'terminal' });
  const refuse = () => Promise.reject(missing);
  const targets = [{ ...a, apiVersion: 'v2' }];
  const { resources, problems } = await compared({ targets, live: [a], bodyOf: refuse, predict: refuse });
  expect(problems).toEqual([]);
  expect(resources.map(({ status, version }) => [status, version])).toEqual([['OutOfSync', 'v2']]);
});
