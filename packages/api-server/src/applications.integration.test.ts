import { annotations, finalizers } from '@plumbline/apis';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from './test-support/api-fixture.ts';

let fixture: ApiFixture;
let api: ApiFixture['api'];
let body: ApiFixture['body'];
let created: ApiFixture['created'];
let patch: ApiFixture['patch'];
let stored: ApiFixture['stored'];

beforeAll(async () => {
  fixture = await apiFixture();
  ({ api, body, created, patch, stored } = fixture);
}, 300_000);

afterAll(async () => fixture.close());

describe('Applications', () => {
  it('are created, read, listed by name and deleted with a cascade', async () => {
    const { name, params, app } = await created({ labels: { only: 'one' } });
    expect(app.metadata.namespace).toBe(fixture.namespace);
    const { metadata, items } = await api.call('listApplications', { query: { selector: 'only=one' } });
    expect(items.map((item) => item.metadata.name)).toEqual([name]);
    expect(Number(metadata.resourceVersion)).toBeGreaterThan(0);
    expect(items[0]?.metadata.managedFields).toBeUndefined();
    const repo = app.spec.source?.repoURL ?? '';
    expect((await api.call('listApplications', { query: { repo } })).items).toHaveLength(1);
    expect((await api.call('listApplications', { query: { name, project: ['other'] } })).items).toEqual([]);
    expect(await api.call('deleteApplication', { params })).toEqual({});
    const going = await stored(name);
    expect(going.metadata.finalizers).toEqual([finalizers.resources]);
    expect(going.metadata.deletionTimestamp).toBeDefined();
    await patch(name, { metadata: { finalizers: null } });
    await eventually(async () => (await api.call('listApplications', { query: { name } })).items.length === 0, {
      what: 'the deletion to be known',
    });
    await expect(api.call('getApplication', { params })).rejects.toMatchObject({ status: 403, code: 7 });
  });

  it('that are unknown are forbidden without a project and not found with one', async () => {
    const params = { name: 'none' };
    await expect(api.call('manifests', { params })).rejects.toMatchObject({
      status: 403,
      message: 'permission denied',
    });
    const query = { project: ['default'] };
    await expect(api.call('getApplication', { params, query })).rejects.toMatchObject({ status: 404, code: 5 });
    await expect(api.call('getApplication', { params: { name: '../secrets/x' } })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('are created twice only when they are equal or an upsert is asked for', async () => {
    const { app } = await created();
    const again = { ...body({ name: app.metadata.name }), spec: app.spec };
    expect((await api.call('createApplication', { body: again })).metadata.uid).toBe(app.metadata.uid);
    const other = { ...again, spec: { ...app.spec, revisionHistoryLimit: 3 } };
    await expect(api.call('createApplication', { body: other })).rejects.toMatchObject({
      status: 400,
      code: 3,
      message: 'existing application spec is different, use upsert flag to force update',
    });
    const changed = await api.call('createApplication', { body: other, query: { upsert: true } });
    expect(changed.spec.revisionHistoryLimit).toBe(3);
  });

  it.each([
    [{ project: 'no-such-project' }, 'project'],
    [{ destination: { server: 'https://no-such-cluster:1', namespace: 'x' } }, 'no-such-cluster'],
    [{ destination: {} }, 'destination'],
  ])('are refused with %j', async (spec, word) => {
    const call = api.call('createApplication', { body: body({ spec }) });
    await expect(call).rejects.toMatchObject({
      status: 400,
      code: 3,
      message: expect.stringMatching(new RegExp(word, 'i')),
    });
  });

  it('refuses sources that cannot be rendered, unless it is told not to look', async () => {
    const source = { repoURL: 'https://git.example.com/shop.git', path: 'nowhere' };
    const made = body({ spec: { source } });
    await expect(api.call('createApplication', { body: made })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('nowhere: app path does not exist'),
    });
    const silent = { ...made, spec: { ...made.spec, source: { ...source, path: 'unreachable' } } };
    await expect(api.call('createApplication', { body: silent })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/application spec for .* is invalid: the host does not answer/),
    });
    const stored = await api.call('createApplication', { body: made, query: { validate: false } });
    expect(stored.spec.source?.path).toBe('nowhere');
  });

  it('are refused with a name that Kubernetes does not take', async () => {
    const call = api.call('createApplication', { body: body({ name: 'Not_A_Name' }) });
    await expect(call).rejects.toMatchObject({ status: 400, code: 3, message: expect.stringContaining('Not_A_Name') });
  });

  it('are updated in what users own, never in operation and status', async () => {
    const { params, app, name } = await created();
    const spec = { ...app.spec, info: [{ name: 'i', value: 'j' }] };
    const next = { metadata: { name, labels: { team: 'x' } }, spec, operation: { sync: {} } };
    await api.call('updateApplication', { params, body: next });
    const now = await stored(name);
    expect(now.metadata.labels).toEqual({ team: 'x' });
    expect(now['spec']).toEqual(spec);
    expect(now['operation']).toBeUndefined();
    const shorter = { ...app.spec, revisionHistoryLimit: 1 };
    expect(await api.call('updateApplicationSpec', { params, body: shorter })).toEqual(shorter);
    const change = JSON.stringify([{ op: 'replace', path: '/spec/source/targetRevision', value: 'main' }]);
    const patched = await api.call('patchApplication', { params, body: { patch: change, patchType: 'json' } });
    expect(patched.spec.source?.targetRevision).toBe('main');
    await expect(api.call('updateApplication', { params: { name: 'none' }, body: next })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('are answered after the comparison when a refresh is asked for', async () => {
    const { params, name } = await created();
    const answered = api.call('getApplication', { params, query: { refresh: 'hard' } });
    await eventually(async () => (await stored(name)).metadata.annotations?.[annotations.refresh] === 'hard', {
      what: 'the request for a refresh',
    });
    await patch(name, {
      metadata: { annotations: { [annotations.refresh]: null } },
      status: { sync: { status: 'Synced' } },
    });
    expect((await answered).status?.sync?.status).toBe('Synced');
  });

  it('keep only the asked fields', async () => {
    const { name } = await created();
    const query = { name, fields: 'items.metadata.name,items.spec.project' };
    const list: unknown = await api.call('listApplications', { query });
    expect(list).toEqual({ items: [{ metadata: { name }, spec: { project: 'default' } }] });
  });
});
