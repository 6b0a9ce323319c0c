import type { AppProject } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { configMap, mask, owned } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { MemoryLive } from '../test-support/memory-live.ts';
import { orphansOf } from './orphans.ts';

const project = (spec: Partial<AppProject['spec']>): AppProject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'p' },
  spec,
});

const inWeb = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: 'web' },
});

function live(): MemoryLive {
  const cluster = new MemoryCluster();
  for (const name of ['stray', 'ignored-1', 'kube-root-ca.crt']) cluster.put(inWeb(configMap(name)));
  cluster.put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'web' } });
  cluster.put({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'done', namespace: 'web' } });
  cluster.put(owned(configMap('managed')));
  return new MemoryLive(cluster, mask);
}

const app = { spec: { project: 'p', destination: { namespace: 'web' } } };
const names = (spec: Partial<AppProject['spec']>, exists?: (application: string) => boolean) =>
  orphansOf({ project: project(spec), app, destination: { live: live() }, exists }).map(({ key }) => key.name);

it.each<[string, Partial<AppProject['spec']>, string[]]>([
  ['the project does not ask for them', {}, []],
  ['nothing is ignored', { orphanedResources: {} }, ['done', 'ignored-1', 'stray']],
  [
    'a rule names kind and a pattern of names',
    { orphanedResources: { ignore: [{ kind: 'ConfigMap', name: 'ignored*' }] } },
    ['done', 'stray'],
  ],
  ['a rule names a group', { orphanedResources: { ignore: [{ group: 'batch' }] } }, ['ignored-1', 'stray']],
  [
    'the project forbids a kind',
    { orphanedResources: {}, namespaceResourceBlacklist: [{ group: 'batch', kind: 'Job' }] },
    ['ignored-1', 'stray'],
  ],
])('when %s', (_case, spec, expected) => {
  expect(names(spec).sort()).toEqual(expected);
});

it('counts what was left behind by an Application that is gone', () => {
  const asked = { orphanedResources: { ignore: [{ group: 'batch' }] } };
  expect(names(asked, () => false).sort()).toEqual(['ignored-1', 'managed', 'stray']);
  expect(names(asked, (application) => application === 'shop').sort()).toEqual(['ignored-1', 'stray']);
});
