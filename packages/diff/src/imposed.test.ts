import type { JsonValue, KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import type { Found } from './field-differences.ts';
import { imposed } from './imposed.ts';

const claims = (storage: string, more: object = {}) => [
  { metadata: { name: 'data' }, spec: { resources: { requests: { storage } } }, ...more },
];
const live: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    serviceName: 'db',
    podManagementPolicy: 'OrderedReady',
    volumeClaimTemplates: claims('1Gi', { kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } }),
    template: { args: ['a', 'b'], env: [{ name: 'A' }] },
  },
};
const found = (path: string, target: JsonValue | undefined, value?: JsonValue): Found => ({
  path: path.split('/').slice(1),
  target,
  live: value,
});
const storage = '/spec/volumeClaimTemplates/0/spec/resources/requests/storage';
const specOf = (object: KubeObject) => object['spec'] as Record<string, JsonValue>;

it('sets, adds and takes away what is in question', () => {
  const result = imposed(live, [
    found('/spec/serviceName', 'other', 'db'),
    found('/spec/template/args/0', undefined, 'a'),
    found('/spec/template/env/[name=B]', { name: 'B' }),
  ]);
  expect(specOf(result)).toEqual({
    ...specOf(live),
    serviceName: 'other',
    template: { args: ['b'], env: [{ name: 'A' }, { name: 'B' }] },
  });
});

it('leaves what the server fills in, and other spellings', () => {
  const result = imposed(live, [
    found(storage, '2Gi', '1Gi'),
    found('/spec/volumeClaimTemplates/0/kind', undefined, 'PersistentVolumeClaim'),
    found('/spec/volumeClaimTemplates/0/status', undefined, { phase: 'Pending' }),
    found('/spec/podManagementPolicy', undefined, 'OrderedReady'),
  ]);
  const more = { kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } };
  expect(specOf(result)).toEqual({ ...specOf(live), volumeClaimTemplates: claims('2Gi', more) });
  expect(imposed(live, [found(storage, '1024Mi', '1Gi'), found('/spec/serviceName', 'x', 'db')])).toMatchObject({
    spec: { serviceName: 'x', volumeClaimTemplates: claims('1Gi') },
  });
});

it('imposes even a default where nothing else is in question', () => {
  const result = imposed(live, [found('/spec/podManagementPolicy', undefined, 'OrderedReady')]);
  expect(specOf(result)).not.toHaveProperty('podManagementPolicy');
});
