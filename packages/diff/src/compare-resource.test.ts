import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it, vi } from 'vitest';
import { compareResource } from './compare-resource.ts';
import { matchingRules } from './ignore-rules.ts';
import { removeFields, staleFields } from './stale-fields.ts';

const configMap = (data: Record<string, string>, extra: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop', ...extra },
  data,
});

const options = (predicted: KubeObject, rules: Parameters<typeof matchingRules>[1] = []) => ({
  manager: 'argocd-controller',
  ignoreStatus: 'all' as const,
  rules: matchingRules(predicted, rules),
  predict: vi.fn(async () => predicted),
});

it('asks nobody where the fields are equal', async () => {
  const given = options(configMap({ key: '1' }));
  const verdict = await compareResource(
    { target: configMap({ key: '1' }), live: configMap({ key: '1', more: '2' }) },
    given,
  );
  expect(verdict).toEqual({ outOfSync: false, differences: [], predicted: undefined });
  expect(given.predict).not.toHaveBeenCalled();
});

it('believes the server that two spellings are one value', async () => {
  const live = configMap({ cpu: '1' }, { resourceVersion: '7', uid: 'u' });
  const given = options({ ...live, metadata: { ...live.metadata, resourceVersion: '8', generation: 2 } });
  const verdict = await compareResource({ target: configMap({ cpu: '1000m' }), live }, given);
  expect(verdict.outOfSync).toBe(false);
  expect(given.predict).toHaveBeenCalledOnce();
});

it('names the fields in which the server would change the object', async () => {
  const verdict = await compareResource(
    { target: configMap({ key: '1' }), live: configMap({ key: '2' }) },
    options(configMap({ key: '1' })),
  );
  expect(verdict.outOfSync).toBe(true);
  expect(verdict.differences).toEqual([{ path: '/data/key', target: '1', live: '2' }]);
});

it.each([
  ['a JSON pointer', { kind: 'ConfigMap', jsonPointers: ['/data/key'] }, false],
  ['globs of group and kind', { group: '*', kind: 'Config*', jsonPointers: ['/data/key'] }, false],
  ['another name', { kind: 'ConfigMap', name: 'b', jsonPointers: ['/data/key'] }, true],
  ['another group', { group: 'apps', kind: 'ConfigMap', jsonPointers: ['/data/key'] }, true],
  ['the manager who wrote it', { kind: 'ConfigMap', managedFieldsManagers: ['other'] }, false],
  ['another manager', { kind: 'ConfigMap', managedFieldsManagers: ['nobody'] }, true],
])('judges a rule with %s', async (_case, rule, outOfSync) => {
  const managedFields = [{ manager: 'other', operation: 'Update', fieldsV1: { 'f:data': { 'f:key': {} } } }];
  const verdict = await compareResource(
    { target: configMap({ key: '1' }), live: configMap({ key: '2' }, { managedFields }) },
    options(configMap({ key: '1' }), [rule]),
  );
  expect(verdict.outOfSync).toBe(outOfSync);
});

const managed = (entries: { manager: string; operation?: 'Apply' | 'Update'; fields: Record<string, unknown> }[]) => ({
  managedFields: entries.map(({ manager, operation = 'Update', fields }) => ({ manager, operation, fieldsV1: fields })),
});
const own = (fields: Record<string, unknown>) => ({
  manager: 'argocd-controller',
  operation: 'Apply' as const,
  fields,
});
const pod = (containers: object[], metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', ...metadata },
  spec: { containers },
});
const inContainers = (entries: Record<string, object>) => ({ 'f:spec': { 'f:containers': entries } });

it('does not count what a webhook changes beside the fields of the target', async () => {
  const live = pod(
    [{ name: 'a', image: 'b', stamp: '1' }],
    managed([own(inContainers({ 'k:{"name":"a"}': { 'f:image': {} } }))]),
  );
  const predicted = pod([{ name: 'a', image: 'b', stamp: '2' }], live.metadata);
  const sides = { target: pod([{ name: 'a', image: 'short/b' }]), live };
  expect((await compareResource(sides, options(predicted))).outOfSync).toBe(false);
  const counting = await compareResource(sides, { ...options(predicted), countWebhooks: true });
  expect(counting.differences.map(({ path }) => path)).toEqual(['/spec/containers/0/stamp']);
});

it('pairs entries that leave a key to its default, each with one live entry', async () => {
  const ports = (...list: object[]) => pod([{ name: 'a', ports: list }]);
  const port = (protocol: string) => ({ [`k:{"containerPort":53,"protocol":"${protocol}"}`]: { '.': {} } });
  const fields = inContainers({ 'k:{"name":"a"}': { 'f:ports': { ...port('TCP'), ...port('UDP') } } });
  const both = [
    { containerPort: 53, protocol: 'TCP' },
    { containerPort: 53, protocol: 'UDP' },
  ];
  const live = { ...ports(...both), metadata: { name: 'a', ...managed([own(fields)]) } };
  const asked = options(ports(both[0] ?? {}));
  const verdict = await compareResource({ target: ports({ containerPort: 53 }), live }, asked);
  expect(verdict.differences.map(({ path }) => path)).toEqual(['/spec/containers/0/ports/1']);
});

it.each([
  ['the server puts them in that order', ['b', 'a'], true],
  ['the server leaves them', ['a', 'b'], false],
])('entries in another order differ where %s', async (_case, order, outOfSync) => {
  const named = (names: string[]) => pod(names.map((name) => ({ name })));
  const entries = { 'k:{"name":"a"}': { '.': {} }, 'k:{"name":"b"}': { '.': {} } };
  const live = { ...named(['a', 'b']), metadata: { name: 'a', ...managed([own(inContainers(entries))]) } };
  const verdict = await compareResource({ target: named(['b', 'a']), live }, options(named(order)));
  expect(verdict.outOfSync).toBe(outOfSync);
});

it.each([
  ['nobody else owns', [], true],
  ['another manager owns, too,', [{ manager: 'scaler', fields: { 'f:data': { 'f:old': {} } } }], false],
])('a field of a client-side apply that left the target and %s differs: %s', async (_case, others, outOfSync) => {
  const applied = { manager: 'kubectl-client-side-apply', fields: { 'f:data': { 'f:old': {}, 'f:key': {} } } };
  const live = configMap({ key: '1', old: 'x' }, managed([applied, ...others]));
  const predicted = {
    ...live,
    metadata: { ...live.metadata, ...managed([applied, ...others, own({ 'f:data': { 'f:key': {} } })]) },
  };
  const verdict = await compareResource({ target: configMap({ key: '1' }), live }, options(predicted));
  expect(verdict.differences.map(({ path }) => path)).toEqual(outOfSync ? ['/data/old'] : []);
});

it('counts a status that no apply can write, where settings say that it counts', async () => {
  const withStatus = (phase: string) => ({ ...configMap({}), status: { phase } });
  const sides = { target: withStatus('New'), live: withStatus('Ready') };
  const given = options(sides.live);
  expect((await compareResource(sides, { ...given, ignoreStatus: 'none' })).outOfSync).toBe(true);
  expect((await compareResource(sides, given)).outOfSync).toBe(false);
});

it.each([
  ['of the server’s own kinds are none, without a question', 'v1', 'Pod', 0],
  ['of custom resources are asked for', 'example.org/v1', 'Widget', 1],
])('empty lists %s', async (_case, apiVersion, kind, asked) => {
  const object = (spec: object) => ({ apiVersion, kind, metadata: { name: 'a' }, spec });
  const given = options(object({ size: 1 }));
  await compareResource({ target: object({ size: 1, list: [] }), live: object({ size: 1 }) }, given);
  expect(given.predict).toHaveBeenCalledTimes(asked);
});

it('needs no answer of a server that cannot give one, where only spellings differ', async () => {
  const widget = (spec: object) => ({ apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'a' }, spec });
  const sides = { target: widget({ cpu: '1000m', list: [] }), live: widget({ cpu: '1' }) };
  const down = { ...options(sides.live), predict: () => Promise.reject(new Error('failed calling webhook')) };
  expect((await compareResource(sides, down)).outOfSync).toBe(false);
  const changed = { ...sides, live: widget({ cpu: '2' }) };
  await expect(compareResource(changed, down)).rejects.toThrow('failed calling webhook');
});

describe('what is owned as a whole', () => {
  const budget = (selector: object): KubeObject => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      name: 'a',
      ...managed([{ manager: 'operator', fields: { 'f:spec': { 'f:selector': {}, 'f:list': {} } } }]),
    },
    spec: selector,
  });

  it.each([
    ['a map', { selector: {} }, { selector: { matchLabels: { a: 'b' } } }],
    ['entries of a list', { list: [{ a: '1' }] }, { list: [{ a: '1', b: '2' }] }],
  ])('must be equal: %s', async (_case, wanted, found) => {
    const verdict = await compareResource({ target: budget(wanted), live: budget(found) }, options(budget(wanted)));
    expect(verdict.outOfSync).toBe(true);
    const left = await compareResource({ target: budget(wanted), live: budget(found) }, options(budget(found)));
    expect(left.outOfSync).toBe(false);
  });
});

it.each([
  ['the same each time', ['x', 'x'], true],
  ['something else each time', ['x', 'y'], false],
])('a webhook that overrules the target with %s counts: %s', async (_case, answers, outOfSync) => {
  const given = options(configMap({}));
  for (const answer of answers) given.predict.mockResolvedValueOnce(configMap({ key: answer }));
  const sides = { target: configMap({ key: '1' }), live: configMap({ key: 'z' }) };
  expect((await compareResource(sides, given)).outOfSync).toBe(outOfSync);
});

it('takes off the prediction what only a client-side apply owns, and what that empties', () => {
  const fields = {
    'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:ports': { 'k:{"port":1}': { '.': {}, 'f:port': {} } } },
  };
  const live = pod([{ name: 'a', ports: [{ port: 1 }] }, { name: 'b' }], {
    ...managed([
      { manager: 'kubectl-client-side-apply', fields: { ...inContainers(fields), 'f:rule': { 'f:x': {} } } },
      own(inContainers({ 'k:{"name":"b"}': { '.': {}, 'f:name': {} } })),
    ]),
  });
  const reduced = removeFields({ ...live, rule: { x: 1 } }, staleFields(live, 'argocd-controller'));
  expect(reduced).toEqual({ ...pod([{ name: 'b' }]), metadata: live.metadata });
});
