import type { KubeObject } from '@plumbline/manifests';
import { afterAll, describe, expect, it } from 'vitest';
import { openZoo } from '../test-support/zoo.ts';
import { zooObjects } from '../test-support/zoo-objects.ts';

const zoo = await openZoo();
afterAll(() => zoo[Symbol.asyncDispose]());

const { deployment, configMap, counted, settles } = zooObjects(zoo);
const main = '/spec/template/spec/containers/0';

describe('another manager', () => {
  it('that scales replicas which are in the source is a rival, with its name and the rule', async () => {
    const target = deployment('scaled');
    await zoo.sync(target);
    const scale = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: zoo.namespace.name,
      name: 'scaled',
      subresource: 'scale',
    };
    await zoo.client.patch(
      scale,
      { spec: { replicas: 4 } },
      { type: 'merge', fieldManager: 'kube-controller-manager' },
    );
    const { explanation } = await zoo.compare(target);
    const rule = {
      group: 'apps',
      kind: 'Deployment',
      name: 'scaled',
      namespace: zoo.namespace.name,
      jsonPointers: ['/spec/replicas'],
    };
    expect(explanation.filter(({ counts }) => counts)).toMatchObject([
      { path: '/spec/replicas', target: 0, live: 4, class: 'rival-manager', manager: 'kube-controller-manager', rule },
    ]);
    const ignoreDifferences = [rule];
    expect((await zoo.compare(target, { ignoreDifferences })).outOfSync).toBe(false);
  });

  it('that scales replicas which are not in the source is none', async () => {
    const target = deployment('free', { replicas: undefined });
    await zoo.sync(target);
    await zoo.change(target, { spec: { replicas: 0 } }, 'autoscaler');
    await settles(target);
    expect((await zoo.compare(target)).classes).toMatchObject({ '/spec/replicas': 'webhook-or-controller' });
  });

  it('that changes the image of a container is a rival; the rule names the container', async () => {
    const target = deployment('imaged');
    const live = await zoo.sync(target);
    const spec = structuredClone(live['spec']) as { template: { spec: { containers: { image: string }[] } } };
    const [container] = spec.template.spec.containers;
    if (container) container.image = 'example/web:new';
    await zoo.change(target, { spec }, 'image-updater');
    const { explanation } = await zoo.compare(target);
    expect(explanation.filter(({ counts }) => counts)).toMatchObject([
      {
        path: `${main}/image`,
        class: 'rival-manager',
        rule: { jqPathExpressions: ['.spec.template.spec.containers[] | select(.name == "web") | .image'] },
      },
    ]);
    const ignoreDifferences = explanation.flatMap(({ rule }) => rule ?? []);
    expect((await zoo.compare(target, { ignoreDifferences })).outOfSync).toBe(false);
  });

  it.each<[string, object]>([
    ['a finalizer', { metadata: { finalizers: ['example.org/hold'] } }],
    ['labels and annotations', { metadata: { labels: { theirs: 'x' }, annotations: { theirs: 'x' } } }],
    ['keys', { data: { theirs: 'x' } }],
  ])('that adds %s is none', async (what, patch) => {
    const target = configMap(`added-${what.replaceAll(' ', '-')}`, { ours: '1' });
    await zoo.sync(target);
    await zoo.change(target, patch as Record<string, unknown>, 'operator');
    const { outOfSync, explanation } = await zoo.compare(target);
    expect(outOfSync).toBe(false);
    expect(new Set(explanation.map((item) => item.class))).toEqual(new Set(['webhook-or-controller']));
    await zoo.change(target, { metadata: { finalizers: null } }, 'operator');
  });

  it('that takes a field of ours away is seen', async () => {
    const target = configMap('taken', { a: '1', b: '2' });
    await zoo.sync(target);
    await new Promise((done) => setTimeout(done, 1100)); // The times of managedFields have a resolution of seconds.
    await zoo.change(target, { data: { b: null, c: '3' } }, 'kubectl-edit');
    expect(await counted(target)).toEqual({ '/data/b': 'human-edit' });
  });
});

describe('a client-side apply', () => {
  const applied = async (object: KubeObject, manager = 'kubectl-client-side-apply') => {
    const text = JSON.stringify(object);
    const annotations = {
      ...object.metadata.annotations,
      'kubectl.kubernetes.io/last-applied-configuration': text,
    };
    await zoo.client.create({ ...object, metadata: { ...object.metadata, annotations } }, { fieldManager: manager });
  };

  it.each(['kubectl-client-side-apply', 'argocd-controller'])(
    'by %s is Synced where nothing differs',
    async (manager) => {
      const target = deployment(`adopted-${manager}`);
      await applied(target, manager);
      expect(await counted(target)).toEqual({});
      await settles(target);
    },
  );

  it('left fields behind that the source no longer has: stale until the next sync', async () => {
    const target = configMap('stale', { a: '1' });
    await applied(configMap('stale', { a: '1', old: 'x' }));
    expect(await counted(target)).toEqual({ '/data/old': 'stale-owner' });
    await settles(target);
    expect((await zoo.compare(target)).live['data']).toEqual({ a: '1' });
  });

  it('of a default that the source no longer spells out is no difference', async () => {
    const target = deployment('spelled-out');
    await applied(deployment('spelled-out', { revisionHistoryLimit: 10 }, { dnsPolicy: 'ClusterFirst' }));
    expect(await counted(target)).toEqual({});
    await settles(target);
  });

  it('after our own is an edit by hand', async () => {
    const target = configMap('again', { a: '1' });
    await zoo.sync(target);
    await zoo.change(target, { data: { a: '2' } }, 'kubectl-client-side-apply');
    expect(await counted(target)).toEqual({ '/data/a': 'human-edit' });
    await settles(target);
  });
});
