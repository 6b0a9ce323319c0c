import { annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import type { AppComparison, ResourceState } from '../compare/compare-state.ts';
import { type PairsFacts, syncPairs } from './sync-pairs.ts';

const id = 'shop:/ConfigMap:web/a';
const key = { group: '', kind: 'ConfigMap', namespace: 'web', name: 'a' };
const target: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'web', annotations: { [annotations.trackingId]: id } },
};

const resource: ResourceState = {
  key,
  version: 'v1',
  target: { key, object: target, namespaced: true },
  live: undefined,
  liveObject: target,
  comparison: { outOfSync: false, differences: [], predicted: undefined },
  status: 'Synced',
  hook: false,
  requiresPruning: false,
  counts: true,
  health: undefined,
  syncWave: 0,
};

async function hiddenDrift(marks: Pick<ResourceState, 'labelTracked'>): Promise<boolean | undefined> {
  const comparison: AppComparison = {
    resources: [{ ...resource, ...marks }],
    status: 'Synced',
    health: { status: 'Healthy' },
    shared: [],
    problems: [],
  };
  const facts = { rules: { ignoreDifferences: [] }, request: { syncOptions: [] } } as unknown as PairsFacts;
  return (await syncPairs(comparison, facts))[0]?.hiddenDrift;
}

it('a sync gives an object of label tracking its annotation, though it counts as synced', async () => {
  expect(await hiddenDrift({ labelTracked: true })).toBe(true);
});

it('a sync leaves an object alone that has its annotation', async () => {
  expect(await hiddenDrift({})).toBe(false);
});
