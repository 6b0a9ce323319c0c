import { type KubeObject, keyOf } from '@plumbline/manifests';
import { afterAll, describe, expect, it } from 'vitest';
import { refOf } from '../object-ref.ts';
import { openZoo } from '../test-support/zoo.ts';
import { zooWriter } from '../test-support/zoo-writer.ts';
import { rehearseWrite } from './write-object.ts';

const zoo = await openZoo();
afterAll(() => zoo[Symbol.asyncDispose]());
const { live, taskFor, write, writeTask, configMap, deployment } = zooWriter(zoo);

describe('Replace and Force', () => {
  it('replace keeps the object, whatever version it has by now', async () => {
    const target = configMap('replaced', { a: '1' });
    await write(target);
    const task = await taskFor(target, 'Replace=true');
    await zoo.client.patch(refOf(keyOf(target), 'v1'), { data: { theirs: 'x' } }, { type: 'merge' });
    const written = await writeTask(task, target);
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
      await rehearseWrite(await taskFor(changed, ...options, 'Force=true'), changed, { destination: zoo });
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
      await rehearseWrite(await taskFor(binding('edit'), ...options), binding('edit'), { destination: zoo });
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
