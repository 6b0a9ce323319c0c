import { application, eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';
import { asObject } from './application-object.ts';

let fixture: ApiFixture;
let api: ApiFixture['api'];
let other: TestNamespace;

beforeAll(async () => {
  fixture = await apiFixture();
  ({ api } = fixture);
  other = await testNamespace(fixture.kube, 'team');
}, 300_000);

afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await fixture.close();
});

const enable = (globs: string) =>
  fixture.kube.patch(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'argocd-cmd-params-cm' },
    { data: { 'application.namespaces': globs } },
    { type: 'merge' },
  );

const body = (name: string) =>
  application({ name, namespace: other.name, repoURL: 'https://git.example/r', destinationNamespace: 'n' });

const names = async () =>
  (await api.call('listApplications')).items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

it('Applications of other namespaces count as soon as they are named, and only then', async () => {
  await fixture.kube.create(asObject(body('declared')));
  const refused = api.call('createApplication', { body: body('over-rest') });
  await expect(refused).rejects.toMatchObject({ status: 403, message: expect.stringContaining(other.name) });
  expect(await names()).toEqual([]);

  await enable(`${other.name.slice(0, -1)}*`);
  await eventually(async () => (await names()).includes(`${other.name}/declared`), { what: 'the Application' });
  const inProject = api.call('createApplication', { body: body('over-rest') });
  await expect(inProject).rejects.toMatchObject({ status: 400, message: expect.stringContaining('not permitted') });
  await fixture.kube.patch(
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: fixture.namespace, name: 'default' },
    { spec: { sourceNamespaces: [other.name] } },
    { type: 'merge' },
  );
  const query = { appNamespace: other.name };
  const made = await api.call('createApplication', { body: body('over-rest') });
  expect(made.metadata.namespace).toBe(other.name);
  const params = { name: 'over-rest' };
  const patch = JSON.stringify({ metadata: { labels: { a: 'b' } } });
  await api.call('patchApplication', { params, query, body: { patch, patchType: 'merge' } });
  expect((await api.call('getApplication', { params, query })).metadata.labels).toEqual({ a: 'b' });
  await expect(api.call('getApplication', { params })).rejects.toMatchObject({ status: 403 });
  await api.call('deleteApplication', { params, query: { ...query, cascade: false } });

  await enable('');
  await eventually(async () => (await names()).length === 0, { what: 'the Applications to be left alone' });
  const gone = api.call('getApplication', { params: { name: 'declared' }, query });
  await expect(gone).rejects.toMatchObject({ status: 403 });
});
