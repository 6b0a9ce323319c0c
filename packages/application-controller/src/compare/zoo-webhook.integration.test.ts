import type { KubeObject } from '@plumbline/manifests';
import { eventually, type MutatingWebhook, mutatingWebhook, type PatchStep } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openZoo } from '../test-support/zoo.ts';
import { zooObjects } from '../test-support/zoo-objects.ts';

const zoo = await openZoo();
let webhook: MutatingWebhook;
const configuration = 'zoo-mutating';
const { deployment, counted, settles } = zooObjects(zoo);
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
  await zoo.remove({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: configuration },
  });
  await webhook?.[Symbol.asyncDispose]();
  await zoo[Symbol.asyncDispose]();
});

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
