import type { KubeObject } from '@plumbline/manifests';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await apiFixture();
}, 600_000);
afterAll(() => fixture?.close());

const configMap = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: fixture.namespace },
  data: { key: 'value' },
});

/** Creates an object, and puts it into the tree of every Application. */
async function owned(object: KubeObject): Promise<KubeObject> {
  const created = await fixture.kube.create(object);
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = created.metadata;
  fixture.inspected.nodes.push({ version: 'v1', kind: object.kind, namespace, name, uid, resourceVersion });
  return created;
}

const query = (resourceName: string, kind = 'ConfigMap') => ({
  kind,
  resourceName,
  namespace: fixture.namespace,
  version: 'v1',
});

const parsed = ({ manifest }: { manifest: string }) => JSON.parse(manifest) as KubeObject;

it('reads, patches and deletes an object of the Application', async () => {
  const { params } = await fixture.created();
  await owned(configMap('mine'));
  const read = await fixture.api.call('getResource', { params, query: query('mine') });
  expect(parsed(read)).toMatchObject({ data: { key: 'value' } });
  expect(parsed(read).metadata.managedFields).toBeUndefined();
  const patch = JSON.stringify({ data: { key: 'patched' } });
  const patched = await fixture.api.call('patchResource', { params, query: query('mine'), body: patch });
  expect(parsed(patched)['data']).toEqual({ key: 'patched' });
  await fixture.api.call('deleteResource', { params, query: query('mine') });
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'mine' };
  await eventually(async () => (await fixture.kube.find(ref)) === null, { timeoutMs: 10_000, what: 'the deletion' });
});

it('refuses objects that are not part of the Application, and leaves them alone', async () => {
  const { params } = await fixture.created();
  await fixture.kube.create(configMap('stranger'));
  const refused = { code: 3, message: expect.stringContaining('stranger') };
  const asked = { params, query: query('stranger') };
  await expect(fixture.api.call('getResource', asked)).rejects.toMatchObject(refused);
  await expect(fixture.api.call('deleteResource', asked)).rejects.toMatchObject(refused);
  await expect(fixture.api.call('patchResource', { ...asked, body: '{"data":{"key":"x"}}' })).rejects.toMatchObject(
    refused,
  );
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'stranger' };
  expect(await fixture.kube.get(ref)).toMatchObject({ data: { key: 'value' } });
});

it('shows no value of a Secret, nor an annotation of it that is called sensitive', async () => {
  const { params } = await fixture.created();
  const cm = { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'argocd-cm' };
  await fixture.kube.patch(cm, { data: { 'resource.sensitive.mask.annotations': 'token' } }, { type: 'merge' });
  await owned({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: fixture.namespace, annotations: { token: 'canary-1', plain: 'x' } },
    stringData: { a: 'canary-2', b: 'canary-2', c: 'canary-3' },
  });
  const shown = await eventually(
    async () => {
      const answer = await fixture.api.call('getResource', { params, query: query('s', 'Secret') });
      return answer.manifest.includes('canary-1') ? undefined : answer;
    },
    { timeoutMs: 10_000, what: 'the setting' },
  );
  expect(shown.manifest).not.toContain('canary');
  const { data, metadata } = parsed(shown) as KubeObject & { data: Record<string, string> };
  expect(data['a']).toBe(data['b']);
  expect(data['a']).not.toBe(data['c']);
  expect(metadata.annotations).toMatchObject({ plain: 'x', token: expect.stringMatching(/^\++$/) });
});

it('lists the events of an object of the tree, and of nothing else', async () => {
  const { params } = await fixture.created();
  const created = await owned(configMap('busy'));
  const { name = '', namespace = '', uid = '' } = created.metadata;
  const involvedObject = { apiVersion: 'v1', kind: 'ConfigMap', name, namespace, uid };
  const event = { apiVersion: 'v1', kind: 'Event', involvedObject, reason: 'Seen', message: 'm', type: 'Normal' };
  await fixture.kube.create({ ...event, metadata: { name: 'busy.1', namespace } });
  const of = { resourceNamespace: namespace, resourceName: name, resourceUID: uid };
  const { items } = await fixture.api.call('listEvents', { params, query: of });
  expect(items.map((item) => item['reason'])).toEqual(['Seen']);
  await expect(
    fixture.api.call('listEvents', { params, query: { ...of, resourceUID: 'other' } }),
  ).rejects.toMatchObject({ message: expect.stringContaining('busy') });
});
