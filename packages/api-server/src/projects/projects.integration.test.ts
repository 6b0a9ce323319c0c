import { createApiClient } from '@plumbline/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
let api: ApiFixture['api'];

beforeAll(async () => {
  fixture = await apiFixture();
  ({ api } = fixture);
}, 300_000);

afterAll(async () => fixture.close());

const open = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };

async function project(name: string, spec: object = open) {
  return api.call('createProject', { body: { project: { metadata: { name }, spec } } });
}

/** A new Application of the project. */
async function applicationOf(name: string, repoURL?: string) {
  const body = fixture.body(repoURL ? { repoURL } : {});
  const made = await api.call('createApplication', { body: { ...body, spec: { ...body.spec, project: name } } });
  return { name: made.metadata.name, params: { name: made.metadata.name } };
}

const client = (token: string) => createApiClient({ url: fixture.server.url, token });

describe('projects', () => {
  it('are created once, and replaced where that is asked for', async () => {
    await project('one');
    expect((await project('one')).spec.sourceRepos).toEqual(['*']);
    const different = { metadata: { name: 'one' }, spec: { ...open, description: 'new' } };
    const create = (upsert: boolean) => api.call('createProject', { body: { project: different, upsert } });
    await expect(create(false)).rejects.toMatchObject({ status: 400, message: expect.stringContaining('upsert') });
    expect((await create(true)).spec.description).toBe('new');
    expect((await api.call('getProject', { params: { name: 'one' } })).spec.description).toBe('new');
  });

  it('are refused with everything that is wrong with them', async () => {
    const wrong = project('wrong', { ...open, roles: [{ name: 'no name' }], sourceRepos: ['!*'] });
    await expect(wrong).rejects.toMatchObject({ status: 400, message: expect.stringMatching(/!\*.*no name/) });
  });

  it('that are in use are neither deleted nor narrowed so that an Application breaks', async () => {
    await project('used');
    const { params } = await applicationOf('used');
    const name = { name: 'used' };
    await expect(api.call('deleteProject', { params: name })).rejects.toMatchObject({ status: 400 });
    const narrowed = { ...(await api.call('getProject', { params: name })), spec: { ...open, sourceRepos: [] } };
    const update = api.call('updateProject', { params: name, body: { project: narrowed } });
    await expect(update).rejects.toMatchObject({ status: 400, message: expect.stringContaining('app-') });
    await api.call('deleteApplication', { params, query: { cascade: false } });
    await api.call('deleteProject', { params: name });
    await expect(api.call('getProject', { params: name })).rejects.toMatchObject({ status: 404 });
    await expect(api.call('deleteProject', { params: { name: 'default' } })).rejects.toMatchObject({ status: 400 });
  });

  it('are not shown with credentials of what belongs to them', async () => {
    await project('scoped');
    const secret = (kind: string, data: Record<string, string>) =>
      fixture.kube.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: `scoped-${kind}`,
          namespace: fixture.namespace,
          labels: { 'argocd.argoproj.io/secret-type': kind },
        },
        stringData: { project: 'scoped', ...data },
      });
    await secret('repository', { url: 'https://git.example/r', username: 'u', password: 'canary-1' });
    await secret('cluster', { name: 'c', server: 'https://c.example', config: '{"bearerToken":"canary-2"}' });
    const detailed = async () => api.call('detailedProject', { params: { name: 'scoped' } });
    await expect.poll(async () => (await detailed()).repositories.length, { timeout: 10_000 }).toBe(1);
    await expect.poll(async () => (await detailed()).clusters.length, { timeout: 10_000 }).toBe(1);
    expect(JSON.stringify(await detailed())).not.toContain('canary');
  });

  it('add what the global projects of argocd-cm say', async () => {
    await project('base', { sourceRepos: ['https://base.example/*'] });
    const rule = '- projectName: base\n  labelSelector: {matchLabels: {tier: limited}}\n';
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'argocd-cm' };
    await fixture.kube.patch(ref, { data: { globalProjects: rule } }, { type: 'merge' });
    const limited = {
      metadata: { name: 'limited', labels: { tier: 'limited' } },
      spec: { destinations: open.destinations },
    };
    await api.call('createProject', { body: { project: limited } });
    const globals = async () => (await api.call('globalProjects', { params: { name: 'limited' } })).items;
    await expect.poll(async () => (await globals()).length, { timeout: 10_000 }).toBe(1);
    await applicationOf('limited', 'https://base.example/r');
    await expect(applicationOf('limited', 'https://git.example/r')).rejects.toMatchObject({
      status: 400,
    });
  });
});

describe('tokens of roles', () => {
  it('have just the rights of their role, until they are taken back', async () => {
    const policies = ['p, proj:team:ci, applications, get, team/*, allow'];
    await project('team', { ...open, roles: [{ name: 'ci', policies }] });
    const { name } = await applicationOf('team');
    await fixture.created();
    const params = { name: 'team', role: 'ci' };
    const { token } = await api.call('createRoleToken', { params, body: { id: 'nightly', expiresIn: 60 } });
    const ci = client(token);
    expect((await ci.call('listApplications')).items.map(({ metadata }) => metadata.name)).toEqual([name]);
    expect((await ci.call('listProjects')).items.map(({ metadata }) => metadata.name)).toEqual(['team']);
    await expect(ci.call('deleteApplication', { params: { name } })).rejects.toMatchObject({ status: 403 });
    const again = api.call('createRoleToken', { params, body: { id: 'nightly' } });
    await expect(again).rejects.toMatchObject({ status: 400, message: expect.stringContaining('nightly') });
    await api.call('deleteRoleToken', { params: { ...params, iat: '0' }, query: { id: 'nightly' } });
    await expect(ci.call('listApplications')).rejects.toMatchObject({ status: 401 });
    const none = api.call('createRoleToken', { params: { ...params, role: 'none' }, body: {} });
    await expect(none).rejects.toMatchObject({ status: 404 });
  });
});
