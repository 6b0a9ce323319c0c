import type { KubeObject } from '@plumbline/manifests';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await apiFixture();
}, 600_000);
afterAll(() => fixture?.close());

function deployment(name: string): KubeObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example/app:1' }] } };
  const spec = { replicas: 0, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: fixture.namespace }, spec };
}

function cronJob(name: string): KubeObject {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'example/app:1' }] } };
  const spec = { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { suspend: true, template } } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name, namespace: fixture.namespace }, spec };
}

/** Creates an object, and puts it into the tree of every Application. */
async function owned(object: KubeObject): Promise<KubeObject> {
  const created = await fixture.kube.create(object);
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = created.metadata;
  const [group = '', version = ''] = object.apiVersion.split('/');
  fixture.inspected.nodes.push({ group, version, kind: object.kind, namespace, name, uid, resourceVersion });
  return created;
}

const query = ({ apiVersion, kind, metadata: { name = '' } }: KubeObject) => {
  const [group = '', version = ''] = apiVersion.split('/');
  return { group, version, kind, resourceName: name, namespace: fixture.namespace };
};

const live = async ({ apiVersion, kind, metadata: { name = '' } }: KubeObject) =>
  (await fixture.kube.get({ apiVersion, kind, name, namespace: fixture.namespace })) as KubeObject & {
    spec: Record<string, unknown>;
  };

it('lists what an object offers in its state', async () => {
  const { params } = await fixture.created();
  const web = await owned(deployment('listed'));
  const { actions } = await fixture.api.call('listResourceActions', { params, query: query(web) });
  expect(actions.map(({ name, disabled = false }) => [name, disabled])).toEqual([
    ['pause', false],
    ['restart', false],
    ['resume', true],
    ['scale', false],
  ]);
});

it('runs actions with parameters, and by name alone', async () => {
  const { params } = await fixture.created();
  const web = await owned(deployment('scaled'));
  const scale = { ...query(web), action: 'scale', resourceActionParameters: [{ name: 'replicas', value: '2' }] };
  await fixture.api.call('runResourceAction', { params, body: scale });
  expect((await live(web)).spec).toMatchObject({ replicas: 2 });
  await fixture.api.call('runNamedResourceAction', { params, query: query(web), body: 'pause' });
  expect((await live(web)).spec).toMatchObject({ replicas: 2, paused: true });
  await fixture.api.call('runResourceAction', { params, body: { ...query(web), action: 'resume' } });
  expect((await live(web)).spec['paused']).toBeUndefined();
});

it('creates what an action asks for, where the project permits it', async () => {
  const { params } = await fixture.created();
  const nightly = await owned(cronJob('nightly'));
  const body = { ...query(nightly), action: 'create-job' };
  await fixture.api.call('runResourceAction', { params, body });
  const jobs = await fixture.kube.list({ apiVersion: 'batch/v1', kind: 'Job', namespace: fixture.namespace });
  expect(jobs.items.map(({ metadata }) => metadata.ownerReferences?.[0]?.name)).toEqual(['nightly']);
  const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: fixture.namespace };
  const denied = { spec: { namespaceResourceBlacklist: [{ group: 'batch', kind: 'Job' }] } };
  await fixture.kube.patch({ ...project, name: 'default' }, denied, { type: 'merge' });
  await expect(fixture.api.call('runResourceAction', { params, body })).rejects.toMatchObject({
    code: 7,
    message: expect.stringContaining('resource batch:Job is not permitted in project default'),
  });
  await fixture.kube.patch(
    { ...project, name: 'default' },
    { spec: { namespaceResourceBlacklist: null } },
    { type: 'merge' },
  );
});

it('refuses unknown actions and objects that are not part of the Application', async () => {
  const { params } = await fixture.created();
  const web = await owned(deployment('refused'));
  await expect(
    fixture.api.call('runResourceAction', { params, body: { ...query(web), action: 'explode' } }),
  ).rejects.toMatchObject({ code: 3, message: expect.stringContaining('Deployment has no action "explode"') });
  const stranger = await fixture.kube.create(deployment('stranger'));
  await expect(
    fixture.api.call('runResourceAction', { params, body: { ...query(stranger), action: 'pause' } }),
  ).rejects.toMatchObject({ code: 3, message: expect.stringContaining('stranger not found as part of application') });
  expect((await live(stranger)).spec['paused']).toBeUndefined();
});

it('runs actions that argocd-cm describes, as it has them now', async () => {
  const { params } = await fixture.created();
  const web = await owned(deployment('custom'));
  const script = 'obj.metadata.name = actionParams.name or obj.metadata.name; obj.spec.minReadySeconds = 7; return obj';
  const value = `discovery.lua: return {wait = {displayName = "Wait"}}\ndefinitions:\n- name: wait\n  action.lua: ${script}\n`;
  const cm = { apiVersion: 'v1', kind: 'ConfigMap', name: 'argocd-cm', namespace: fixture.namespace };
  const data = { 'resource.customizations.actions.apps_Deployment': value };
  await fixture.kube.patch(cm, { data }, { type: 'merge' });
  const offered = { name: 'wait', disabled: false, displayName: 'Wait' };
  await eventually(
    async () => {
      const { actions } = await fixture.api.call('listResourceActions', { params, query: query(web) });
      return JSON.stringify(actions) === JSON.stringify([offered]);
    },
    { timeoutMs: 10_000, what: 'the action of argocd-cm' },
  );
  const body = { ...query(web), action: 'wait' };
  await fixture.api.call('runResourceAction', { params, body });
  expect((await live(web)).spec).toMatchObject({ minReadySeconds: 7 });
  const other = { ...body, resourceActionParameters: [{ name: 'name', value: 'another' }] };
  await expect(fixture.api.call('runResourceAction', { params, body: other })).rejects.toMatchObject({
    code: 3,
    message: 'an action may change no other object than its own',
  });
});
