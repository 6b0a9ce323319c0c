import { PlumblineError } from '@plumbline/errors';
import type { KubeObject, ManagedFieldsEntry } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { configMap } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { migrated, migrateOwnership } from './migrate-ownership.ts';

const fields = (...names: string[]) => ({ 'f:data': Object.fromEntries(names.map((name) => [`f:${name}`, {}])) });
const entry = (manager: string, operation: 'Apply' | 'Update', names: string[], more = {}): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsV1: fields(...names),
  ...more,
});
const kubectl = entry('kubectl-client-side-apply', 'Update', ['a']);
const ourUpdate = entry('argocd-controller', 'Update', ['b']);
const ourApply = entry('argocd-controller', 'Apply', ['c']);
const human = entry('kubectl-edit', 'Update', ['d']);
const status = entry('argocd-controller', 'Update', ['e'], { subresource: 'status' });

describe('the fields of client-side applies', () => {
  it.each([
    ['of kubectl', [kubectl], ['a']],
    ['of Argo CD', [ourUpdate], ['b']],
    ['of both, with what is ours already', [kubectl, ourUpdate, ourApply], ['a', 'b', 'c']],
  ])('%s become ours by apply', (_case, entries, names) => {
    expect(migrated(entries)).toEqual([
      { ...entries[0], manager: 'argocd-controller', operation: 'Apply', fieldsV1: fields(...names) },
    ]);
  });

  it('unite to the last leaf', () => {
    const deep = (name: string) => ({ 'f:spec': { 'k:{"name":"main"}': { '.': {}, [name]: {} } } });
    const [ours] = migrated([
      { ...kubectl, fieldsV1: deep('f:image') },
      { ...ourApply, fieldsV1: deep('f:args') },
    ]);
    expect(ours?.fieldsV1).toEqual({
      'f:spec': { 'k:{"name":"main"}': { '.': {}, 'f:image': {}, 'f:args': {} } },
    });
  });

  it('of an older Argo CD are taken over by its note, but not the status that it writes', () => {
    const noted = (more: object) =>
      entry('argocd-application-controller', 'Update', [], {
        fieldsV1: {
          'f:metadata': { 'f:annotations': { 'f:kubectl.kubernetes.io/last-applied-configuration': {} } },
          ...more,
        },
      });
    expect(migrated([noted({})])).toMatchObject([{ manager: 'argocd-controller', operation: 'Apply' }]);
    const others = [noted({ 'f:status': {} }), entry('argocd-application-controller', 'Update', ['a'])];
    expect(migrated(others)).toEqual(others);
  });

  it('leave alone what others own, and the status', () => {
    expect(migrated([human, status])).toEqual([human, status]);
    expect(migrated([human, kubectl, status]).slice(0, 2)).toEqual([human, status]);
  });
});

describe('an object', () => {
  async function migrating(entries: ManagedFieldsEntry[], refusal?: PlumblineError) {
    const cluster = new MemoryCluster();
    const live: KubeObject = cluster.put({ ...configMap('a'), metadata: { name: 'a', managedFields: entries } });
    if (refusal) cluster.refusals.set('patch ConfigMap/a', refusal);
    await migrateOwnership(live, cluster);
    return cluster.log;
  }

  it.each([
    ['that a client-side apply left is taken over', [kubectl], ['patch ConfigMap/a']],
    ['that is ours is left alone', [ourApply], []],
    ['of which we only wrote the status is left alone', [status, human], []],
    ['without owners is left alone', [], []],
  ])('%s', async (_case, entries, log) => {
    expect(await migrating(entries)).toEqual(log);
  });

  it('that changed meanwhile is read again, a few times', async () => {
    const log = await migrating([kubectl], new PlumblineError('KUBE_CONFLICT', 'meanwhile'));
    expect(log.filter((line) => line === 'patch ConfigMap/a')).toHaveLength(4);
  });

  it('that may not be patched is an error', async () => {
    await expect(migrating([kubectl], new PlumblineError('KUBE_FORBIDDEN', 'no'))).rejects.toThrow('no');
  });
});
