import { normalize } from '@plumbline/diff';
import type { KubeObject } from '@plumbline/manifests';
import { afterAll, describe, expect, it } from 'vitest';
import { openZoo } from '../test-support/zoo.ts';
import { zooWriter } from '../test-support/zoo-writer.ts';

const zoo = await openZoo();
afterAll(() => zoo[Symbol.asyncDispose]());
const { live, write, configMap, deployment } = zooWriter(zoo);
const replacing = { syncOptions: ['Replace=true'] };
const replace = (target: KubeObject) => write(target, 'Replace=true');

const pod = (name: string, image: string, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: zoo.namespace.name },
  spec: { tolerations: [{ key: 'x', operator: 'Exists' }], containers: [{ name: 'c', image }], ...spec },
});

describe('with Replace=true', () => {
  it('a field that left the source goes, also where another manager owns it as well', async () => {
    await replace(configMap('shared', { a: '1', b: '2' }));
    const theirs = configMap('shared', { b: '2' });
    await zoo.client.apply(theirs, { fieldManager: 'operator', force: false });
    const target = configMap('shared', { a: '1' });
    const { outOfSync, predicted } = await zoo.compare(target, replacing);
    expect(outOfSync).toBe(true);
    expect(predicted?.['data']).toEqual({ a: '1' });
    await replace(target);
    expect((await zoo.compare(target, replacing)).outOfSync).toBe(false);
  });

  it('what others add is no difference, and the prediction is what a sync leaves', async () => {
    const name = 'web';
    await replace(deployment(name, [{ name: 'a', image: 'a:1' }]));
    await zoo.change(deployment(name, []), { metadata: { annotations: { 'example.org/theirs': 'x' } } }, 'operator');
    const same = deployment(name, [{ name: 'a', image: 'a:1' }]);
    expect((await zoo.compare(same, replacing)).outOfSync).toBe(false);
    const target = deployment(name, [{ name: 'a', image: 'a:2' }], { strategy: { type: 'Recreate' } });
    const { outOfSync, predicted } = await zoo.compare(target, replacing);
    expect(outOfSync).toBe(true);
    await replace(target);
    const after = normalize(await live(target)) as KubeObject & { status?: unknown };
    const told = predicted ? normalize(predicted) : undefined;
    expect(told?.['spec']).toEqual(after['spec']);
    expect(told?.metadata.annotations?.['example.org/theirs']).toBeUndefined();
  });

  it.each([
    ['an image', pod('image', 'a:2')],
    ['a field that stays', pod('hostname', 'a:1', { hostname: 'h' })],
  ])('a Pod that the server will not put in place differs by %s until it is made anew', async (_what, target) => {
    const before = pod(target.metadata.name ?? '', 'a:1');
    await replace(before);
    await zoo.change(before, { metadata: { labels: { theirs: 'x' } } }, 'operator');
    expect((await zoo.compare(before, replacing)).outOfSync).toBe(false);
    expect((await zoo.compare(target, replacing)).outOfSync).toBe(true);
    await expect(replace(target)).rejects.toThrow(/may not change fields/);
    expect((await zoo.compare(target, replacing)).outOfSync).toBe(true);
    await write(target, 'Replace=true', 'Force=true');
    expect((await zoo.compare(target, { syncOptions: ['Replace=true', 'Force=true'] })).outOfSync).toBe(false);
  });
});
