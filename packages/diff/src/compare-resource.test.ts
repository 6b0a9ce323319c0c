import type { KubeObject } from '@plumbline/manifests';
import { expect, it, vi } from 'vitest';
import { compareResource } from './compare-resource.ts';
import { matchingRules } from './ignore-rules.ts';

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
