import { annotations } from '@plumbline/apis';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { eventually } from '@plumbline/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { refOf } from '../object-ref.ts';
import { openZoo } from '../test-support/zoo.ts';
import { zooWriter } from '../test-support/zoo-writer.ts';
import { rehearseWrite } from './write-object.ts';

const zoo = await openZoo();
afterAll(() => zoo[Symbol.asyncDispose]());

const { live, taskFor, write, configMap, deployment } = zooWriter(zoo);
const clientSide = (target: KubeObject) => write(target, 'ServerSideApply=false');

/** What kubectl itself, or Argo CD by its own client-side apply, would leave. */
async function appliedBefore(target: KubeObject, fieldManager: string) {
  const note = `${JSON.stringify(target)}\n`;
  const metadata = {
    ...target.metadata,
    annotations: { ...target.metadata.annotations, [annotations.lastApplied]: note },
  };
  return zoo.client.create({ ...target, metadata }, { fieldManager });
}

const containersOf = (object: KubeObject) =>
  (object['spec'] as { template: { spec: { containers: { name: string; image: string; env?: unknown }[] } } }).template
    .spec.containers;

describe('without server-side apply', () => {
  it('an object is made with the note of what was applied, and left alone when it is as wanted', async () => {
    const target = configMap('csa-a', { a: '1' });
    expect((await clientSide(target)).verb).toBe('created');
    const made = await live(target);
    expect(JSON.parse(made.metadata.annotations?.[annotations.lastApplied] ?? '')).toEqual({
      ...target,
      metadata: { ...target.metadata, annotations: {} },
    });
    expect(made.metadata.managedFields).toMatchObject([{ manager: 'argocd-controller', operation: 'Update' }]);
    expect((await clientSide(target)).verb).toBe('unchanged');
    expect((await live(target)).metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  });

  it('what left the manifest goes, what others added stays', async () => {
    await clientSide(configMap('csa-b', { a: '1', b: '1' }));
    const target = configMap('csa-b', { a: '2' });
    await zoo.client.patch(refOf(keyOf(target), 'v1'), { data: { theirs: 'x' } }, { type: 'merge' });
    expect((await clientSide(target)).verb).toBe('configured');
    expect((await live(target))['data']).toEqual({ a: '2', theirs: 'x' });
  });

  it('lists of built-in kinds are merged entry by entry, as the server says', async () => {
    const two = [
      { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
      { name: 'b', image: 'b:1' },
    ];
    const first = deployment(
      'csa-c',
      two,
      { strategy: { type: 'RollingUpdate' } },
      { volumes: [{ name: 'v', emptyDir: {} }] },
    );
    await clientSide(first);
    const sidecar = { spec: { template: { spec: { containers: [{ name: 'sidecar', image: 's:1' }] } } } };
    await zoo.client.patch(refOf(keyOf(first), 'apps/v1'), sidecar, { type: 'strategic', fieldManager: 'injector' });
    const next = deployment(
      'csa-c',
      [{ name: 'a', image: 'a:2', env: [{ name: 'Y', value: '1' }] }],
      { strategy: { type: 'Recreate' } },
      { volumes: [{ name: 'v', configMap: { name: 'x' } }] },
    );
    await rehearseWrite(await taskFor(next, 'ServerSideApply=false'), next, { destination: zoo });
    expect(containersOf(await live(next))).toHaveLength(3);
    await clientSide(next);
    const after = await live(next);
    const found = containersOf(after).sort((a, b) => a.name.localeCompare(b.name));
    expect(found.map(({ name, image, env }) => ({ name, image, env }))).toEqual([
      { name: 'a', image: 'a:2', env: [{ name: 'Y', value: '1' }] },
      { name: 'sidecar', image: 's:1', env: undefined },
    ]);
    expect(after['spec']).toMatchObject({
      strategy: { type: 'Recreate' },
      template: { spec: { volumes: [{ name: 'v', configMap: { name: 'x' } }] } },
    });
    expect((await clientSide(next)).verb).toBe('unchanged');
  });

  it('ports that differ in the protocol only are both there', async () => {
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'csa-dns', namespace: zoo.namespace.name },
      spec: {
        ports: [
          { name: 'udp', port: 53, protocol: 'UDP' },
          { name: 'tcp', port: 53, protocol: 'TCP' },
        ],
      },
    };
    await clientSide(service);
    const renamed = structuredClone(service);
    renamed.metadata.labels = { v: '2' };
    await clientSide(renamed);
    expect(((await live(service))['spec'] as { ports: object[] }).ports).toMatchObject([
      { name: 'udp', protocol: 'UDP' },
      { name: 'tcp', protocol: 'TCP' },
    ]);
  });

  it('custom resources are merged by plain JSON', async () => {
    const group = 'csa.example.org';
    const definition: KubeObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    };
    await zoo.client.apply(definition, { fieldManager: 'test', force: true });
    const kind = { apiVersion: `${group}/v1`, kind: 'Widget' };
    await eventually(
      async () => {
        await zoo.client.discovery.refresh();
        return zoo.client.discovery.find(kind);
      },
      { what: 'the kind' },
    );
    const widget = (spec: object): KubeObject => ({
      ...kind,
      metadata: { name: 'w', namespace: zoo.namespace.name },
      spec,
    });
    try {
      await clientSide(widget({ a: 1, list: [{ name: 'x' }], gone: true }));
      await clientSide(widget({ a: 2, list: [{ name: 'y' }] }));
      expect((await live(widget({})))['spec']).toEqual({ a: 2, list: [{ name: 'y' }] });
    } finally {
      await zoo.client.delete(refOf(keyOf(definition), definition.apiVersion), { propagationPolicy: 'Background' });
    }
  });

  it('the next server-side apply takes over, and back again, without a change and without a leftover', async () => {
    const full = configMap('both', { a: '1', b: '1', c: '1' });
    await clientSide(full);
    await write(full);
    expect((await live(full))['data']).toEqual({ a: '1', b: '1', c: '1' });
    await write(configMap('both', { a: '1', b: '1' }));
    expect((await live(full))['data']).toEqual({ a: '1', b: '1' });
    await clientSide(configMap('both', { a: '1' }));
    const after = await live(full);
    expect(after['data']).toEqual({ a: '1' });
    expect(after.metadata.managedFields).toMatchObject([{ manager: 'argocd-controller', operation: 'Update' }]);
    await clientSide(configMap('both', { a: '2' }));
    expect((await live(full))['data']).toEqual({ a: '2' });
  });
});

describe('an upgrade', () => {
  it.each([
    ['kubectl apply', 'kubectl-client-side-apply', ['ServerSideApply=true']],
    ['Argo CD', 'argocd-controller', ['ServerSideApply=true']],
    ['a manager that the Application names', 'legacy-applier', ['ServerSideApply=true']],
    ['kubectl apply, going on client-side', 'kubectl-client-side-apply', ['ServerSideApply=false']],
    ['Argo CD, going on client-side', 'argocd-controller', ['ServerSideApply=false']],
  ])('from %s changes nothing, and what leaves Git goes', async (_case, manager, options) => {
    const name = `up-${manager}-${options[0]?.endsWith('false') ? 'c' : 's'}`;
    const target = deployment(name, [
      { name: 'a', image: 'a:1', args: ['x'] },
      { name: 'b', image: 'b:1' },
    ]);
    await appliedBefore(target, manager);
    const before = await live(target);
    expect((await zoo.compare(target)).outOfSync).toBe(false);
    await write(target, ...options);
    expect((await live(target))['spec']).toEqual(before['spec']);
    await write(deployment(name, [{ name: 'a', image: 'a:1' }]), ...options);
    const [only, ...others] = containersOf(await live(target));
    expect(others).toEqual([]);
    expect(only).not.toHaveProperty('args');
  });

  it.each(['kubectl-client-side-apply', 'argocd-controller'])(
    'of an entry from %s that the server refuses next to its successor passes the dry run and the sync',
    async (manager) => {
      const service = (port: number): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: `moved-${manager.slice(0, 6)}`, namespace: zoo.namespace.name },
        spec: { selector: { app: 'a' }, ports: [{ port }] },
      });
      await appliedBefore(service(80), manager);
      await rehearseWrite(await taskFor(service(81)), service(81), { destination: zoo });
      expect((await live(service(81)))['spec']).toMatchObject({ ports: [{ port: 80 }] });
      await write(service(81));
      expect((await live(service(81)))['spec']).toMatchObject({ ports: [{ port: 81 }] });
      const wrong = service(70_000);
      await expect(rehearseWrite(await taskFor(wrong), wrong, { destination: zoo })).rejects.toThrow(/70000/);
    },
  );

  it.each(['kubectl-client-side-apply', 'argocd-controller'])(
    'of a Secret without a type from %s changes nothing, and what leaves Git goes',
    async (manager) => {
      const secret = (data: Record<string, string>): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `secret-${manager}`, namespace: zoo.namespace.name },
        data,
      });
      const target = secret({ a: 'MQ==', b: 'Mg==' });
      await appliedBefore(target, manager);
      expect((await zoo.compare(target)).outOfSync).toBe(false);
      await write(secret({ a: 'MQ==' }));
      expect((await live(target))['data']).toEqual({ a: 'MQ==' });
    },
  );

  it.each(['helm', 'kubectl-create'])('from %s takes away what leaves Git, and nothing else', async (manager) => {
    const name = `made-by-${manager}`;
    const made = configMap(name, { a: '1', b: '1', theirs: '1' });
    await zoo.client.create(made, { fieldManager: manager });
    await write(configMap(name, { a: '1', b: '1' }));
    await write(configMap(name, { a: '1' }));
    expect((await live(made))['data']).toEqual({ a: '1', theirs: '1' });
  });

  it('takes over nothing where that is switched off', async () => {
    const target = configMap('unmigrated', { a: '1', b: '1' });
    await appliedBefore(target, 'kubectl-client-side-apply');
    await write(configMap('unmigrated', { a: '1' }), 'ClientSideApplyMigration=false');
    expect((await live(target))['data']).toEqual({ a: '1', b: '1' });
  });
});
