import { type KubeObject, keyOf } from '@plumbline/manifests';
import { eventually } from '@plumbline/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { refOf } from '../object-ref.ts';
import { openZoo } from '../test-support/zoo.ts';
import { zooObjects } from '../test-support/zoo-objects.ts';
import { zooWriter } from '../test-support/zoo-writer.ts';

const zoo = await openZoo();
afterAll(() => zoo[Symbol.asyncDispose]());

const { deployment, write } = zooWriter(zoo);
const { counted } = zooObjects(zoo);
const container = (more: object = {}) => [{ name: 'web', image: 'example/web:1', ...more }];
const service = (name: string, spec: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: zoo.namespace.name },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
});
const stateful = (spec: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'choice', namespace: zoo.namespace.name },
  spec: {
    serviceName: 'x',
    replicas: 0,
    selector: { matchLabels: { app: 'choice' } },
    template: { metadata: { labels: { app: 'choice' } }, spec: { containers: container() } },
    ...spec,
  },
});
const claim = (storage: string) => ({
  volumeClaimTemplates: [
    { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } },
  ],
});

const edit = (target: KubeObject, patch: object[]) =>
  zoo.client.patch(refOf(keyOf(target), target.apiVersion), patch, { type: 'json', fieldManager: 'kubectl-edit' });

describe('a choice whose defaults do not go with the one before', () => {
  it.each<[string, () => KubeObject, () => KubeObject, string[]]>([
    [
      'a strategy',
      () => deployment('recreate', container()),
      () => deployment('recreate', container(), { strategy: { type: 'Recreate' } }),
      ['/spec/strategy/type'],
    ],
    [
      'an update strategy of a StatefulSet',
      () => stateful({}),
      () => stateful({ updateStrategy: { type: 'OnDelete' } }),
      ['/spec/updateStrategy/type'],
    ],
    [
      'the source of a volume that had none',
      () => deployment('volume', container(), {}, { volumes: [{ name: 'v' }] }),
      () => deployment('volume', container(), {}, { volumes: [{ name: 'v', configMap: { name: 'x' } }] }),
      ['/spec/template/spec/volumes/0/configMap'],
    ],
    [
      'session affinity',
      () => service('affinity', { sessionAffinity: 'ClientIP' }),
      () => service('affinity', { sessionAffinity: 'None' }),
      ['/spec/sessionAffinity'],
    ],
  ])('%s is seen, told, and settles', async (_case, before, after, paths) => {
    await zoo.sync(before());
    expect(await counted(before())).toEqual({});
    const target = after();
    expect(await counted(target)).toEqual(Object.fromEntries(paths.map((path) => [path, 'source'])));
    await zoo.sync(target);
    expect(await counted(target)).toEqual({});
  });

  it('is taken back from a person who made another one', async () => {
    const target = deployment('by-hand', container({ env: [{ name: 'A', value: '1' }] }));
    await zoo.sync(target);
    expect(await counted(target)).toEqual({});
    const value = [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }];
    await edit(target, [{ op: 'replace', path: '/spec/template/spec/containers/0/env', value }]);
    expect(await counted(target)).toEqual({ '/spec/template/spec/containers/0/env/0/value': 'human-edit' });
    await zoo.sync(target);
    expect(await counted(target)).toEqual({});
  });
});

it('a change that the server refuses is named alone, without the defaults around it', async () => {
  const before = { ...stateful(claim('1Gi')), metadata: { ...stateful({}).metadata, name: 'claims' } };
  const target = { ...stateful(claim('2Gi')), metadata: before.metadata };
  await zoo.sync(before);
  expect(await counted(target)).toEqual({
    '/spec/volumeClaimTemplates/0/spec/resources/requests/storage': 'source',
  });
});

it('a key less that the server refuses to take away is a difference', async () => {
  const frozen = (data: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'frozen', namespace: zoo.namespace.name },
    immutable: true,
    data,
  });
  await zoo.sync(frozen({ a: '1', b: '2' }));
  expect(await counted(frozen({ a: '1' }))).toEqual({ '/data/b': 'source' });
});

it('two ports that only the default of the protocol makes equal settle', async () => {
  const ports = [
    { containerPort: 80, name: 'a' },
    { containerPort: 80, name: 'b' },
    { containerPort: 80, protocol: 'UDP' },
  ];
  const target = deployment('ports', container({ ports }));
  await zoo.sync(target);
  expect(await counted(target)).toEqual({});
});

describe('what somebody takes away and leaves no trace of', () => {
  it('is told as an edit by hand, and comes back', async () => {
    const target = deployment('taken', [...container(), { name: 'side', image: 'example/side:1' }]);
    await zoo.sync(target);
    expect(await counted(target)).toEqual({});
    await edit(target, [{ op: 'remove', path: '/spec/template/spec/containers/1' }]);
    expect(await counted(target)).toEqual({ '/spec/template/spec/containers/[name=side]': 'human-edit' });
    await zoo.sync(target);
    expect(await counted(target)).toEqual({});
  });
});

it('an aggregated role with an empty list of rules in the source keeps what is gathered', async () => {
  const api = 'rbac.authorization.k8s.io/v1';
  const label = `zoo-${zoo.namespace.name}`;
  const part: KubeObject = {
    apiVersion: api,
    kind: 'ClusterRole',
    metadata: { name: `${label}-part`, labels: { [label]: 'true' } },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  };
  const target: KubeObject = {
    apiVersion: api,
    kind: 'ClusterRole',
    metadata: { name: label, annotations: { 'example.org/ours': 'yes' } },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] },
    rules: [],
  };
  await zoo.sync(part);
  await zoo.sync(target);
  await eventually(async () => ((await zoo.compare(target)).live['rules'] as unknown[] | null)?.length, {
    what: 'the rules to be gathered',
  });
  for (let round = 0; round < 2; round += 1) {
    expect(await counted(target)).toEqual({});
    await zoo.sync(target);
    expect((await zoo.compare(target)).live['rules']).toEqual(part['rules']);
  }
  await zoo.remove(target);
  await zoo.remove(part);
});

describe('with ServerSideApply=false', () => {
  const rules = { syncOptions: ['ServerSideApply=false'] };
  const configMap = (name: string, data: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: zoo.namespace.name },
    data,
  });

  it('what a foreign client-side apply owns and the note does not tell stays, and is no difference', async () => {
    const target = configMap('csa-theirs', { a: '1' });
    await write(target, ...rules.syncOptions);
    await zoo.change(target, { data: { theirs: 'x' } }, 'kubectl-client-side-apply');
    expect((await zoo.compare(target, rules)).outOfSync).toBe(false);
    expect((await zoo.compare(target)).outOfSync).toBe(true);
  });

  it('what leaves the source goes, whoever has written it since', async () => {
    await write(configMap('csa-leaves', { a: '1', b: '1' }), ...rules.syncOptions);
    const target = configMap('csa-leaves', { a: '1' });
    await zoo.change(target, { data: { b: '2' } }, 'operator');
    const { explanation } = await zoo.compare(target, rules);
    expect(explanation.filter(({ counts }) => counts)).toMatchObject([{ path: '/data/b', live: '2' }]);
    await write(target, ...rules.syncOptions);
    expect((await zoo.compare(target, rules)).outOfSync).toBe(false);
  });
});

it('with ClientSideApplyMigration=false what a client-side apply left behind stays, and is no difference', async () => {
  const target: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'unmigrated', namespace: zoo.namespace.name },
    data: { a: '1' },
  };
  await zoo.client.create({ ...target, data: { a: '1', old: 'x' } }, { fieldManager: 'kubectl-client-side-apply' });
  const rules = { syncOptions: ['ClientSideApplyMigration=false'] };
  expect((await zoo.compare(target)).outOfSync).toBe(true);
  expect((await zoo.compare(target, rules)).outOfSync).toBe(false);
  await write(target, ...rules.syncOptions);
  expect((await zoo.compare(target, rules)).outOfSync).toBe(false);
});
