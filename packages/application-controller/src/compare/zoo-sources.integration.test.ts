import type { KubeObject } from '@plumbline/manifests';
import { afterAll, describe, expect, it } from 'vitest';
import { openZoo } from '../test-support/zoo.ts';
import { zooObjects } from '../test-support/zoo-objects.ts';

const zoo = await openZoo();
afterAll(() => zoo[Symbol.asyncDispose]());

const { deployment, counted, settles } = zooObjects(zoo);
const main = '/spec/template/spec/containers/0';

describe('the source', () => {
  it.each<[string, object, object, string[]]>([
    ['a new image', {}, { image: 'example/web:2' }, [`${main}/image`]],
    ['other arguments', { args: ['a', 'b'] }, { args: ['b', 'a'] }, [`${main}/args/0`, `${main}/args/1`]],
    ['fewer arguments', { args: ['a', 'b'] }, { args: ['a'] }, [`${main}/args`]],
    ['no arguments any more', { args: ['a'] }, {}, [`${main}/args`]],
    [
      'a variable less',
      { env: [{ name: 'A', value: '1' }, { name: 'B' }] },
      { env: [{ name: 'A', value: '1' }] },
      [`${main}/env/1`],
    ],
    [
      'a variable renamed',
      { env: [{ name: 'A' }] },
      { env: [{ name: 'C' }] },
      [`${main}/env/[name=C]`, `${main}/env/0`],
    ],
    [
      'variables in another order',
      { env: [{ name: 'A' }, { name: 'B', value: '$(A)' }] },
      { env: [{ name: 'B', value: '$(A)' }, { name: 'A' }] },
      [`${main}/env`],
    ],
    [
      'a port less, of two that differ in the protocol',
      { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] },
      { ports: [{ containerPort: 53 }] },
      [`${main}/ports/1`],
    ],
    [
      'more memory',
      { resources: { limits: { memory: '1Gi' } } },
      { resources: { limits: { memory: '1025Mi' } } },
      [`${main}/resources/limits/memory`],
    ],
  ])('with %s is seen, and settles', async (what, before, after, paths) => {
    const name = what.replaceAll(/[^a-z]/g, '-');
    await settles(deployment(name, {}, {}, before));
    const target = deployment(name, {}, {}, after);
    const found = await counted(target);
    expect(Object.keys(found).sort()).toEqual([...paths].sort());
    expect(new Set(Object.values(found))).toEqual(new Set(['source']));
    await settles(target);
  });

  it('that names a variable twice settles', async () => {
    await settles(
      deployment(
        'twice',
        {},
        {},
        {
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
      ),
    );
  });

  it('in another version of the API settles', async () => {
    const scaler = (version: string, spec: object): KubeObject => ({
      apiVersion: `autoscaling/${version}`,
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'versions', namespace: zoo.namespace.name },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' }, maxReplicas: 3, ...spec },
    });
    await settles(scaler('v1', { targetCPUUtilizationPercentage: 50 }));
    const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } };
    await settles(scaler('v2', { metrics: [{ type: 'Resource', resource }] }));
    await settles(scaler('v1', { targetCPUUtilizationPercentage: 60 }));
  });
});
