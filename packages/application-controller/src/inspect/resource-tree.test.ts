import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { configMap, mask, owned } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { MemoryLive } from '../test-support/memory-live.ts';
import { resourceState } from '../test-support/states.ts';
import { resourceTree } from './resource-tree.ts';

function child(name: string, owner: KubeObject, kind = 'Pod'): KubeObject {
  const { apiVersion, kind: ownerKind, metadata } = owner;
  const reference = { apiVersion, kind: ownerKind, name: metadata.name ?? '', uid: metadata.uid ?? '' };
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'web', ownerReferences: [reference] } };
}

function growing() {
  const cluster = new MemoryCluster();
  const live = new MemoryLive(cluster, mask);
  const deployment = cluster.put(owned({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }));
  const replicas = cluster.put(child('web-1', deployment, 'ReplicaSet'));
  cluster.put(child('web-1-x', replicas));
  cluster.put(owned(configMap('other'), 'other'));
  return { cluster, live };
}

it('holds what is managed and everything that descends from it', () => {
  const tree = resourceTree('shop', { resources: [], orphans: [] }, growing().live);
  expect(tree.nodes?.map(({ kind, name, parentRefs }) => [kind, name, parentRefs?.[0]?.name])).toEqual([
    ['Deployment', 'web', undefined],
    ['ReplicaSet', 'web-1', 'web'],
    ['Pod', 'web-1-x', 'web-1'],
  ]);
  expect(tree).toMatchObject({ orphanedNodes: [], hosts: [] });
});

it('holds declared objects that do not carry our mark', () => {
  const { cluster, live } = growing();
  const definition = cluster.put({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.org' },
  });
  const state = resourceState(definition);
  const tree = resourceTree('shop', { resources: [{ ...state, live: live.get(state.key) }], orphans: [] }, live);
  expect(tree.nodes?.map(({ name }) => name)).toContain('widgets.example.org');
});

it('says of a node only what there is to say', () => {
  const cluster = new MemoryCluster();
  cluster.put(owned(configMap('a')));
  expect(resourceTree('shop', { resources: [], orphans: [] }, new MemoryLive(cluster, mask)).nodes).toEqual([
    { version: 'v1', kind: 'ConfigMap', namespace: 'web', name: 'a', uid: 'uid-1', resourceVersion: '1' },
  ]);
});

it('holds what is declared and not there as missing, hooks left out', () => {
  const live = new MemoryLive(new MemoryCluster(), mask);
  const { live: _, ...state } = resourceState(configMap('a'));
  const absent = { ...state, live: undefined, liveObject: undefined };
  const resources = [absent, { ...absent, key: { ...absent.key, name: 'job' }, hook: true }];
  expect(resourceTree('shop', { resources, orphans: [] }, live).nodes).toMatchObject([
    { kind: 'ConfigMap', name: 'a', health: { status: 'Missing' } },
  ]);
});

it('leaves out what the project does not permit, with all below it', () => {
  const permits = ({ kind }: { kind: string }) => kind !== 'ReplicaSet';
  const tree = resourceTree('shop', { resources: [], orphans: [], permits }, growing().live);
  expect(tree.nodes.map(({ name }) => name)).toEqual(['web']);
});
