import { annotations } from '@plumbline/apis';
import type { LiveState } from '@plumbline/cluster';
import { type KubeObject, keyOf, splitApiVersion } from '@plumbline/manifests';
import { type SyncTask, taskOptions } from '@plumbline/sync';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refOf } from '../object-ref.ts';
import { openZoo, type Zoo } from '../test-support/zoo.ts';
import { rehearseWrite, writeObject } from './write-object.ts';

let zoo: Zoo;

beforeAll(async () => {
  zoo = await openZoo();
});
afterAll(async () => {
  await zoo?.[Symbol.asyncDispose]();
});

const unseen = { forget: () => {} } as unknown as LiveState;

const live = (object: KubeObject) => zoo.client.get(refOf(keyOf(object), object.apiVersion));

async function taskFor(target: KubeObject, ...syncOptions: string[]): Promise<SyncTask> {
  const found = await zoo.client.find(refOf(keyOf(target), target.apiVersion));
  return {
    key: keyOf(target),
    version: splitApiVersion(target.apiVersion).version,
    target,
    live: found ? { object: found, health: undefined } : undefined,
    options: taskOptions({ syncOptions, force: syncOptions.includes('Force=true') }, target, undefined),
  } as SyncTask;
}

/** Writes the object as a sync with these options does. */
async function write(target: KubeObject, ...syncOptions: string[]) {
  const task = await taskFor(target, ...syncOptions);
  const enabled = !syncOptions.includes('ClientSideApplyMigration=false');
  const migration = { enabled, managers: ['legacy-applier'] };
  return writeObject(task, target, { destination: { client: zoo.client, live: unseen }, migration });
}

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

const configMap = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: zoo.namespace.name },
  data,
});

const deployment = (name: string, containers: object[], spec: object = {}, pod: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: zoo.namespace.name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    ...spec,
    template: { metadata: { labels: { app: name } }, spec: { containers, ...pod } },
  },
});

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
    await rehearseWrite(await taskFor(next, 'ServerSideApply=false'), next, zoo.client);
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

  it('takes over nothing where that is switched off', async () => {
    const target = configMap('unmigrated', { a: '1', b: '1' });
    await appliedBefore(target, 'kubectl-client-side-apply');
    await write(configMap('unmigrated', { a: '1' }), 'ClientSideApplyMigration=false');
    expect((await live(target))['data']).toEqual({ a: '1', b: '1' });
  });
});

describe('Replace and Force', () => {
  it('replace keeps the object, whatever version it has by now', async () => {
    const target = configMap('replaced', { a: '1' });
    await write(target);
    const task = await taskFor(target, 'Replace=true');
    await zoo.client.patch(refOf(keyOf(target), 'v1'), { data: { theirs: 'x' } }, { type: 'merge' });
    const written = await writeObject(task, target, { destination: { client: zoo.client, live: unseen } });
    expect(written.verb).toBe('replaced');
    const after = await live(target);
    expect(after['data']).toEqual({ a: '1' });
    expect(after.metadata.uid).toBe(task.live?.object.metadata.uid);
  });

  it('both together make the object anew in every sync', async () => {
    const target = configMap('anew', { a: '1' });
    await write(target);
    const { uid } = (await live(target)).metadata;
    expect((await write(target, 'Replace=true', 'Force=true')).verb).toBe('replaced');
    expect((await live(target)).metadata.uid).not.toBe(uid);
  });

  it.each([[[]], [['ServerSideApply=false']], [['Replace=true']]])(
    'force makes anew what cannot be changed in place: %j',
    async (options) => {
      const name = `forced${options.join('').toLowerCase().replace(/\W/g, '')}`;
      await write(deployment(name, [{ name: 'a', image: 'a:1' }]), ...options);
      const changed = deployment(name, [{ name: 'a', image: 'a:1' }], {
        selector: { matchLabels: { app: name, v: '2' } },
      });
      const labels = (changed['spec'] as { template: { metadata: { labels: Record<string, string> } } }).template;
      labels.metadata.labels['v'] = '2';
      const { uid } = (await live(changed)).metadata;
      await expect(write(changed, ...options)).rejects.toThrow(/immutable/);
      await rehearseWrite(await taskFor(changed, ...options, 'Force=true'), changed, zoo.client);
      await write(changed, ...options, 'Force=true');
      expect((await live(changed)).metadata.uid).not.toBe(uid);
    },
  );

  it.each([[[]], [['ServerSideApply=false']]])(
    'a binding is made anew when its role has changed: %j',
    async (options) => {
      const binding = (role: string): KubeObject => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: `binding${options.length}`, namespace: zoo.namespace.name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
        subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: zoo.namespace.name }],
      });
      await write(binding('view'), ...options);
      await rehearseWrite(await taskFor(binding('edit'), ...options), binding('edit'), zoo.client);
      await write(binding('edit'), ...options);
      expect((await live(binding('edit')))['roleRef']).toMatchObject({ name: 'edit' });
    },
  );

  it('a Namespace is never deleted to be made anew', async () => {
    const namespace: KubeObject = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: zoo.namespace.name, labels: { v: '2' } },
    };
    const { uid } = (await live(namespace)).metadata;
    await write(namespace, 'Replace=true', 'Force=true');
    const after = await live(namespace);
    expect(after.metadata).toMatchObject({ uid, labels: { v: '2' } });
    expect(after.metadata.deletionTimestamp).toBeUndefined();
  });
});
