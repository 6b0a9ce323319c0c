import { describe, expect, it } from 'vitest';
import type { ResourceState } from '../compare/compare-state.ts';
import type { ComparerRules } from '../compare/resource-comparer.ts';
import { configMap, mask, owned } from '../test-support/builders.ts';
import { resourceState } from '../test-support/states.ts';
import { managedResources } from './managed-resources.ts';

const target = owned(configMap('a', '1'));
const live = {
  ...owned(configMap('a', '2')),
  metadata: { ...target.metadata, resourceVersion: '7', uid: 'u', managedFields: [{ manager: 'kubectl' }] },
};
const difference = { path: '/data/key', target: '1', live: '2', manager: 'kubectl' };
const comparison = { outOfSync: true, differences: [difference], predicted: { ...live, data: { key: '1' } } };

const rules = { ignoreDifferences: [], ignoreStatus: 'all' as const };
const only = async (state: ResourceState, by: ComparerRules = rules) => {
  const [item] = await managedResources([state], by);
  if (!item) throw new Error('no resource');
  return item;
};
const parsed = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('a managed resource', () => {
  it('shows both sides, what an apply would leave, and where they differ', async () => {
    const item = await only(resourceState(target, { liveObject: live, comparison }));
    expect(item).toMatchObject({
      kind: 'ConfigMap',
      namespace: 'web',
      name: 'a',
      resourceVersion: '7',
      modified: true,
      differences: [difference],
    });
    expect(parsed(item.targetState)).toMatchObject({ data: { key: '1' } });
    expect(parsed(item.liveState)).toMatchObject({ data: { key: '2' }, metadata: { resourceVersion: '7' } });
    expect(parsed(item.predictedLiveState)).toMatchObject({ data: { key: '1' } });
    expect(item.liveState + item.normalizedLiveState).not.toContain('managedFields');
    expect(parsed(item.normalizedLiveState)['metadata']).not.toHaveProperty('resourceVersion');
  });

  it('says who is behind each difference, with the rule that would silence it', async () => {
    const byHand = [{ manager: 'kubectl-edit', operation: 'Update' as const, fieldsV1: { 'f:data': { 'f:key': {} } } }];
    const edited = { ...live, metadata: { ...live.metadata, managedFields: byHand } };
    const item = await only(resourceState(target, { liveObject: edited, comparison }));
    expect(item.explanation).toEqual([
      {
        path: '/data/key',
        target: '1',
        live: '2',
        manager: 'kubectl-edit',
        class: 'human-edit',
        counts: true,
        rule: { kind: 'ConfigMap', name: 'a', namespace: 'web', jsonPointers: ['/data/key'] },
      },
    ]);
  });

  it('leaves out of normalised and predicted state what rules ignore', async () => {
    const ignoring = { ...rules, ignoreDifferences: [{ kind: 'ConfigMap', jsonPointers: ['/data/key'] }] };
    const item = await only(resourceState(target, { liveObject: live, comparison }), ignoring);
    expect(item.normalizedLiveState + item.predictedLiveState).not.toContain('"key"');
  });

  it.each([
    ['missing', resourceState(target), { liveState: '', normalizedLiveState: '', resourceVersion: '', modified: true }],
    [
      'to be pruned',
      resourceState(target, { target: undefined, liveObject: live }),
      { targetState: '', predictedLiveState: '', modified: false },
    ],
  ])('leaves the other side empty where it is %s', async (_case, state, expected) => {
    expect(await only(state)).toMatchObject(expected);
  });

  it('without a name is not shown', async () => {
    expect(await managedResources([resourceState({ ...target, metadata: { generateName: 'a-' } })], rules)).toEqual([]);
  });

  it('that is a Secret shows neither values nor digests', async () => {
    const secret = (value: string) =>
      mask.mask({
        ...owned({ ...configMap('s'), kind: 'Secret' }),
        data: { key: Buffer.from(value).toString('base64') },
      });
    const [wanted, found] = [secret('new'), secret('old')];
    const changed = { path: '/data/key', target: 'hmac:1', live: 'hmac:2', manager: 'kubectl' };
    const item = await only(
      resourceState(wanted, {
        liveObject: found,
        comparison: { outOfSync: true, differences: [changed], predicted: wanted },
      }),
    );
    expect(parsed(item.targetState)['data']).toEqual({ key: '+'.repeat(8) });
    expect(parsed(item.liveState)['data']).toEqual({ key: '+'.repeat(12) });
    expect(parsed(item.normalizedLiveState)['data']).toEqual({ key: '+'.repeat(12) });
    expect(parsed(item.predictedLiveState)['data']).toEqual({ key: '+'.repeat(8) });
    expect(item.differences).toEqual([{ path: '/data/key', manager: 'kubectl' }]);
    expect(item.explanation).toMatchObject([{ path: '/data/key', target: '+'.repeat(8), live: '+'.repeat(12) }]);
    expect(JSON.stringify(item)).not.toContain('hmac:');
  });
});
