import type { LiveChange } from '@plumbline/cluster';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { refOf } from '../object-ref.ts';
import { mask, owned } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { MemoryLive } from '../test-support/memory-live.ts';
import { resourceState } from '../test-support/states.ts';
import { ownFacts } from './application-status.ts';
import { Below } from './below.ts';

function running(image: string) {
  return { spec: { containers: [{ name: 'c', image }] } };
}

function child(name: string, owner: KubeObject, fields: { kind: string } & Record<string, unknown>): KubeObject {
  const { apiVersion, kind, metadata } = owner;
  const reference = { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' };
  return { apiVersion: 'v1', metadata: { name, namespace: 'web', ownerReferences: [reference] }, ...fields };
}

/** A workload of image app:2 that has a set of an earlier image and one Pod of each. */
function rollingOut() {
  const cluster = new MemoryCluster();
  const live = new MemoryLive(cluster, mask);
  const template = { spec: { template: running('app:2') } };
  const root = cluster.put(
    owned({ apiVersion: 'v1', kind: 'Root', metadata: { name: 'web' }, ...template } as KubeObject),
  );
  const set = cluster.put(child('old', root, { kind: 'Set', spec: { template: running('app:0') } }));
  const older = cluster.put(child('old-x', set, { kind: 'Pod', ...running('app:1') }));
  const newer = cluster.put(child('new-x', set, { kind: 'Pod', ...running('app:2') }));
  const node = live.get(keyOf(root));
  const resources = [{ ...resourceState(root, { liveObject: root }), live: node }];
  const look = () => new Below(resources, { application: 'shop', live, own: ownFacts(resources) });
  return { cluster, look, set, older, newer };
}

function below(...objects: KubeObject[]): LiveChange {
  return { applications: new Set(['shop']), managed: false, below: true, keys: objects.map(keyOf) };
}

describe('what objects below managed ones tell', () => {
  it('are images of Pods, not of templates that run nothing', () => {
    const { look } = rollingOut();
    expect([...look().facts.images].sort()).toEqual(['app:1', 'app:2']);
  });

  it('is news where an image was not known, and only of objects of the Application', () => {
    const { cluster, look, set, newer } = rollingOut();
    const facts = look();
    const third = cluster.put(child('third', set, { kind: 'Pod', ...running('mesh:1') }));
    const stranger = cluster.put(child('s', { ...set, metadata: { uid: 'no' } }, { kind: 'Pod', ...running('x:1') }));
    expect(facts.isNews(below(newer))).toBe(false);
    expect(facts.isNews(below(stranger))).toBe(false);
    expect(facts.isNews(below(newer, third))).toBe(true);
    expect(look().isNews(below(third))).toBe(false);
  });

  it('is stale when the last Pod of an image has gone', () => {
    const { cluster, look, set, older, newer } = rollingOut();
    const another = cluster.put(child('another', set, { kind: 'Pod', ...running('app:1') }));
    const facts = look();
    expect(facts.mayFade).toBe(true);
    cluster.remove(refOf(keyOf(another), another.apiVersion));
    cluster.remove(refOf(keyOf(newer), newer.apiVersion));
    expect(facts.isStale()).toBe(false);
    cluster.remove(refOf(keyOf(older), older.apiVersion));
    expect(facts.isStale()).toBe(true);
    expect(look().mayFade).toBe(false);
  });
});
