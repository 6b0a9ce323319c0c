import type { DifferenceClass } from '@plumbline/diff';
import type { KubeObject } from '@plumbline/manifests';
import { eventually, type MutatingWebhook, mutatingWebhook, type PatchStep } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openZoo, type Zoo } from '../test-support/zoo.ts';

let zoo: Zoo;
let webhook: MutatingWebhook;
const configuration = 'zoo-mutating';

const deployment = (name: string, spec: object = {}, pod: object = {}, container: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: zoo.namespace.name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    ...spec,
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'example/web:1', ...container }], ...pod },
    },
  },
});
const configMap = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: zoo.namespace.name, annotations: { 'example.org/ours': 'yes' } },
  data,
});
const main = '/spec/template/spec/containers/0';

/** What the webhook does to objects with the label `zoo: injected`. */
function inject(object: KubeObject): PatchStep[] {
  if (object.kind !== 'Deployment') return [];
  if (object.metadata.labels?.['random']) {
    return [{ op: 'add', path: '/metadata/annotations/stamp', value: String(Math.random()) }];
  }
  const pod = '/spec/template/spec';
  const { containers } = (object['spec'] as { template: { spec: { containers: { name: string; image: string }[] } } })
    .template.spec;
  const [first] = containers;
  return [
    { op: 'add', path: '/metadata/annotations/injected.example.org~1status', value: 'yes' },
    ...(first && !first.image.startsWith('mirror/')
      ? [{ op: 'replace' as const, path: `${pod}/containers/0/image`, value: `mirror/${first.image}` }]
      : []),
    ...(containers.some(({ name }) => name === 'sidecar')
      ? []
      : [{ op: 'add' as const, path: `${pod}/containers/-`, value: { name: 'sidecar', image: 'mesh/proxy' } }]),
    { op: 'add', path: `${pod}/tolerations`, value: [{ key: 'spot', operator: 'Exists' }] },
    { op: 'add', path: `${pod}/containers/0/resources`, value: { requests: { cpu: '10m' } } },
  ];
}

beforeAll(async () => {
  zoo = await openZoo();
  webhook = await mutatingWebhook(inject);
  const rule = {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    resources: ['deployments'],
    operations: ['CREATE', 'UPDATE'],
  };
  await zoo.client.create({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: configuration },
    webhooks: [
      {
        name: 'inject.example.org',
        clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
        rules: [rule],
        objectSelector: { matchLabels: { zoo: 'injected' } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
}, 600_000);

afterAll(async () => {
  await zoo?.remove({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: configuration },
  });
  await webhook?.[Symbol.asyncDispose]();
  await zoo?.[Symbol.asyncDispose]();
});

/** A sync leads to Synced, and again. */
async function settles(target: KubeObject): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await zoo.sync(target);
    const { explanation } = await zoo.compare(target);
    expect(explanation.filter(({ counts }) => counts)).toEqual([]);
  }
}

const counted = async (target: KubeObject): Promise<Record<string, DifferenceClass>> => {
  const { explanation } = await zoo.compare(target);
  return Object.fromEntries(explanation.filter(({ counts }) => counts).map((item) => [item.path, item.class]));
};

describe('an admission webhook', () => {
  const injected = (name: string): KubeObject => {
    const object = deployment(name);
    return { ...object, metadata: { ...object.metadata, labels: { zoo: 'injected' }, annotations: { a: 'b' } } };
  };

  it('that adds a sidecar, an annotation, tolerations and resources, and changes the image is no difference', async () => {
    const target = injected('injected');
    const live = await eventually(
      async () => {
        const object = await zoo.sync(target);
        return object.metadata.annotations?.['injected.example.org/status'] ? object : undefined;
      },
      { what: 'the webhook to be called' },
    );
    expect(live.metadata.annotations).toHaveProperty(['injected.example.org/status']);
    await settles(target);
    const { classes } = await zoo.compare(target);
    expect(classes).toMatchObject({
      [`${main}/image`]: 'webhook-or-controller',
      '/spec/template/spec/containers/1': 'webhook-or-controller',
      '/metadata/annotations/injected.example.org~1status': 'webhook-or-controller',
    });
  });

  it('that writes another value each time over one of the source is no difference', async () => {
    const object = injected('random');
    const metadata = { ...object.metadata, labels: { zoo: 'injected', random: 'yes' }, annotations: { stamp: 'ours' } };
    const target = { ...object, metadata };
    await settles(target);
    const { outOfSync, classes } = await zoo.compare(target);
    expect([outOfSync, classes['/metadata/annotations/stamp']]).toEqual([false, 'webhook-or-controller']);
  });

  it('does not hide that the source has changed, nor an edit by hand', async () => {
    const target = injected('injected');
    await zoo.sync(target);
    const next = structuredClone(target);
    const [container] = (next['spec'] as { template: { spec: { containers: { image: string }[] } } }).template.spec
      .containers;
    if (container) container.image = 'example/web:2';
    expect(Object.keys(await counted(next))).toEqual([`${main}/image`]);
    const edit = {
      spec: { template: { spec: { terminationGracePeriodSeconds: 5, restartPolicy: 'Always' } }, replicas: 3 },
    };
    await zoo.change(target, edit, 'kubectl-edit');
    expect(await counted(target)).toEqual({ '/spec/replicas': 'human-edit' });
  });
});

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
