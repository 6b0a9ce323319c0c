import type { KubeObject } from '@plumbline/manifests';
import { keyOf, type ResourceKey, stringifyJson } from '@plumbline/manifests';
import { type ResourceTree, type TreeDelta, TreeView } from '@plumbline/protocol';
import { describe, expect, it } from 'vitest';
import { mask, owned } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { MemoryLive } from '../test-support/memory-live.ts';
import { Random } from '../test-support/random.ts';
import { resourceState } from '../test-support/states.ts';
import { resourceTree } from './resource-tree.ts';
import { type TreeChange, TreeImage } from './tree-image.ts';

function child(name: string, owner: KubeObject, kind: string): KubeObject {
  const { apiVersion, kind: ownerKind, metadata } = owner;
  const reference = { apiVersion, kind: ownerKind, name: metadata.name ?? '', uid: metadata.uid ?? '' };
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'web', ownerReferences: [reference] } };
}

function growing() {
  const cluster = new MemoryCluster();
  const live = new MemoryLive(cluster, mask);
  const root = cluster.put(owned({ apiVersion: 'v1', kind: 'Root', metadata: { name: 'web' } }));
  const middle = cluster.put(child('web-1', root, 'Middle'));
  const leaf = cluster.put(child('web-1-x', middle, 'Leaf'));
  const image = new TreeImage('shop', live);
  const whole = () => resourceTree('shop', { resources: [], orphans: [] }, live);
  return { cluster, live, image, whole, root, middle, leaf };
}

const names = (change: TreeChange | undefined) => change?.nodes.map(({ name }) => name);

describe('what listeners do not know of a tree yet', () => {
  it('is all of it at first, and nothing then', () => {
    const { image, whole } = growing();
    expect(names(image.replace(whole()))).toEqual(['web', 'web-1', 'web-1-x']);
    expect(image.replace(whole())).toBeUndefined();
  });

  it('is one node where one has changed', () => {
    const { cluster, image, whole, leaf } = growing();
    image.replace(whole());
    cluster.put({ ...leaf, spec: { a: 1 } });
    expect(names(image.follow([keyOf(leaf)]))).toEqual(['web-1-x']);
  });

  it('is nothing where another Application has changed', () => {
    const { cluster, image, whole } = growing();
    image.replace(whole());
    const other = cluster.put(owned({ apiVersion: 'v1', kind: 'Root', metadata: { name: 'o' } }, 'other'));
    expect(image.follow([keyOf(other)])).toBeUndefined();
  });

  it('goes with the branch that it hung on', () => {
    const { cluster, image, whole, middle, leaf } = growing();
    image.replace(whole());
    cluster.remove({ apiVersion: 'v1', kind: 'Middle', namespace: 'web', name: 'web-1' });
    const change = image.follow([keyOf(middle)]);
    expect(change?.removedNodes).toEqual([middle.metadata.uid, leaf.metadata.uid]);
  });

  it('comes with the branch that it hangs on', () => {
    const { cluster, image, whole, root } = growing();
    image.replace(whole());
    const middle = cluster.put(child('web-2', root, 'Middle'));
    cluster.put(child('web-2-y', middle, 'Leaf'));
    expect(names(image.follow([keyOf(middle)]))).toEqual(['web-2', 'web-2-y']);
  });
});

describe('a tree that leaves things out', () => {
  it('does so for what comes later, too', () => {
    const { cluster, live, image, root } = growing();
    const permits = ({ kind }: ResourceKey) => kind !== 'Middle';
    const first = image.replace(resourceTree('shop', { resources: [], orphans: [], permits }, live), permits);
    expect(names(first)).toEqual(['web']);
    const middle = cluster.put(child('web-2', root, 'Middle'));
    cluster.put(child('web-2-y', middle, 'Leaf'));
    expect(image.follow([keyOf(middle)])).toBeUndefined();
  });

  it('tells of what is missing, and that it is there now', () => {
    const { live, image } = growing();
    const state = resourceState({ apiVersion: 'v1', kind: 'Root', metadata: { name: 'new', namespace: 'web' } });
    const resources = [{ ...state, live: undefined }];
    expect(names(image.replace(resourceTree('shop', { resources, orphans: [] }, live)))).toContain('new');
    const change = image.replace(resourceTree('shop', { resources: [], orphans: [] }, live));
    expect(change?.removedNodes).toEqual(['missing:/Root/web/new']);
  });
});

/** Nodes of a tree in an order of their own. */
const sorted = ({ nodes }: ResourceTree) => nodes.map((node) => stringifyJson(node)).sort();

it.each([1, 2, 3, 4, 5])('the tree of all deltas is the whole tree, whatever happens (seed %i)', (seed) => {
  const { cluster, live, image, whole } = growing();
  const numbers = new Random(seed);
  const random = () => numbers.next();
  const view = new TreeView();
  let number = 0;
  const tell = (change: TreeChange | undefined, first?: true) => {
    if (!change) return;
    number += 1;
    const delta: TreeDelta = { session: 's', number, ...(first ? { whole: first } : {}), ...change };
    expect(view.apply(JSON.parse(JSON.stringify(delta)))).toBe(true);
  };
  tell(image.replace(whole()), true);
  for (let round = 0; round < 60; round += 1) {
    const objects = [...cluster.objects.values()];
    const some = objects[Math.floor(random() * objects.length)];
    const changed: ResourceKey[] = [];
    const act = random();
    if (!some || act < 0.1) {
      changed.push(keyOf(cluster.put(owned({ apiVersion: 'v1', kind: 'Root', metadata: { name: `r${round}` } }))));
    } else if (act < 0.6) {
      changed.push(keyOf(cluster.put(child(`c${round}`, some, 'Child'))));
    } else if (act < 0.8) {
      changed.push(keyOf(cluster.put({ ...some, spec: { round } })));
    } else {
      const { name = '', namespace } = some.metadata;
      cluster.remove({ apiVersion: some.apiVersion, kind: some.kind, name, ...(namespace ? { namespace } : {}) });
      changed.push(keyOf(some));
    }
    tell(image.follow(changed));
    expect(sorted(view.tree())).toEqual(sorted(resourceTree('shop', { resources: [], orphans: [] }, live)));
  }
});
