import { PlumblineError } from '@plumbline/errors';
import { createApiClient, type RepositoryInput } from '@plumbline/protocol';
import type { RenderQueueRequest, RenderQueueResult } from '@plumbline/render';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from './test-support/api-fixture.ts';

let fixture: ApiFixture;
let worker: { close(): Promise<void> };
const asked: RenderQueueRequest[] = [];
const repo = 'https://git.example/declared';
const body: Partial<RepositoryInput> & { repo: string } = { repo, username: 'bob', password: 'canary' };

/** Answers as a repo-server does whose repositories want the password `canary`. */
async function answer(request: RenderQueueRequest): Promise<RenderQueueResult> {
  asked.push(request);
  if (request.kind === 'repository-refs') return { branches: ['main'], tags: ['v1'] };
  if (request.kind !== 'repository-test') throw new PlumblineError('GIT_UNREACHABLE', 'no', { retry: 'transient' });
  const sealed = request.accessKey === undefined ? undefined : await fixture.store.sealed.get(request.accessKey);
  if (sealed && JSON.parse(String(sealed)).password !== 'canary') {
    throw new PlumblineError('GIT_AUTHENTICATION', `${request.repoURL}: authentication failed`);
  }
  return { readable: true };
}

const secrets = () =>
  fixture.kube.list(
    { apiVersion: 'v1', kind: 'Secret', namespace: fixture.namespace },
    { labelSelector: 'argocd.argoproj.io/secret-type=repository' },
  );

beforeAll(async () => {
  fixture = await apiFixture();
  worker = fixture.store.worker<RenderQueueRequest, RenderQueueResult>('render', answer, { concurrency: 4 });
}, 600_000);

afterAll(async () => {
  await worker?.close();
  await fixture?.close();
});

describe('a repository', () => {
  it('is stored as a Secret once it could be read, and shown without credentials', async () => {
    const created = await fixture.api.call('createRepository', { body });
    expect(created).toMatchObject({ repo, type: 'git', username: 'bob', connectionState: { status: 'Successful' } });
    const { items } = await fixture.api.call('listRepositories');
    expect(items).toHaveLength(1);
    expect(JSON.stringify([created, items, asked])).not.toContain('canary');
    const [secret] = (await secrets()).items;
    expect(secret?.['data']).toMatchObject({ password: Buffer.from('canary').toString('base64') });
    expect(secret?.metadata.annotations).toMatchObject({ 'managed-by': 'argocd.argoproj.io' });
  });

  it('is refused with the reason where it cannot be read, and nothing is stored', async () => {
    const other = { ...body, repo: `${repo}-other`, password: 'wrong' };
    const call = fixture.api.call('createRepository', { body: other });
    await expect(call).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('authentication failed'),
    });
    expect((await secrets()).items).toHaveLength(1);
  });

  it('is replaced only where that is asked for', async () => {
    const changed = { ...body, enableLfs: true };
    await expect(fixture.api.call('createRepository', { body: changed })).rejects.toMatchObject({ status: 400 });
    const query = { upsert: true };
    expect(await fixture.api.call('createRepository', { body: changed, query })).toMatchObject({ enableLfs: true });
    expect(await fixture.api.call('createRepository', { body: changed })).toMatchObject({ enableLfs: true });
    expect((await secrets()).items).toHaveLength(1);
  });

  it('answers what its references are; one that is not declared is not asked at all', async () => {
    const refs = await fixture.api.call('repositoryRefs', { params: { repo } });
    expect(refs).toEqual({ branches: ['main'], tags: ['v1'] });
    const count = asked.length;
    const unknown = fixture.api.call('repositoryRefs', { params: { repo: 'http://169.254.169.254/x' } });
    await expect(unknown).rejects.toMatchObject({ status: 404 });
    expect(asked).toHaveLength(count);
  });

  it('that somebody declared loses its label when it is removed, and stays', async () => {
    const metadata = {
      name: 'by-hand',
      namespace: fixture.namespace,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    };
    await fixture.kube.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: { url: 'https://git.example/h' },
    });
    await fixture.api.call('deleteRepository', { params: { repo: 'https://git.example/h' } });
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: fixture.namespace, name: 'by-hand' };
    expect((await fixture.kube.get(ref)).metadata.labels ?? {}).toEqual({});
    await fixture.api.call('deleteRepository', { params: { repo } });
    expect((await secrets()).items).toEqual([]);
  });
});

describe('declared things', () => {
  it('the own cluster is there, with its version', async () => {
    const { items } = await fixture.api.call('listClusters');
    expect(items).toMatchObject([{ name: 'in-cluster', connectionState: { status: 'Successful' } }]);
    expect(items[0]?.serverVersion).toMatch(/^1\.\d+$/);
    const byName = await fixture.api.call('getCluster', { params: { id: 'in-cluster' }, query: { 'id.type': 'name' } });
    expect(byName.server).toBe('https://kubernetes.default.svc');
    await expect(fixture.api.call('deleteCluster', { params: { id: byName.server } })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('a cluster that does not answer is refused', async () => {
    const config = { bearerToken: 'canary', tlsClientConfig: { insecure: true } };
    const call = fixture.api.call('createCluster', { body: { server: 'https://127.0.0.1:1', name: 'gone', config } });
    await expect(call).rejects.toMatchObject({ status: 400, message: expect.not.stringContaining('canary') });
  });

  it('keys of hosts come and go', async () => {
    const key = Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0 ${'k'.repeat(32)}`, 'latin1').toString('base64');
    const certData = Buffer.from(key).toString('base64');
    const item = { serverName: 'h.example', certType: 'ssh' as const, certSubType: 'ssh-ed25519', certData };
    await fixture.api.call('createCertificates', { body: { items: [item] } });
    const query = { hostNamePattern: '*.example' };
    expect((await fixture.api.call('listCertificates', { query })).items).toMatchObject([{ serverName: 'h.example' }]);
    expect((await fixture.api.call('deleteCertificates', { query })).items).toHaveLength(1);
    expect((await fixture.api.call('listCertificates', { query })).items).toEqual([]);
    await expect(fixture.api.call('deleteCertificates')).rejects.toMatchObject({ status: 400 });
  });

  it('credentials of templates are kept, and not told', async () => {
    const url = 'https://git.example/org';
    await fixture.api.call('createRepoCreds', { body: { url, username: 'bot', password: 'canary' } });
    const { items } = await fixture.api.call('listRepoCreds');
    expect(items).toEqual([{ url, username: 'bot' }]);
    await fixture.api.call('deleteRepoCreds', { params: { url } });
    await expect(fixture.api.call('deleteRepoCreds', { params: { url } })).rejects.toMatchObject({ status: 404 });
  });

  it('nobody without a session reads or writes any of it', async () => {
    const stranger = createApiClient({ url: fixture.server.url });
    for (const name of [
      'listRepositories',
      'listRepoCreds',
      'listClusters',
      'listCertificates',
      'listGpgKeys',
    ] as const) {
      await expect(stranger.call(name)).rejects.toMatchObject({ status: 401 });
    }
    await expect(stranger.call('createRepository', { body })).rejects.toMatchObject({ status: 401 });
  });
});

describe('an event of a Git host', () => {
  const post = (event: unknown, headers: Record<string, string> = { 'x-github-event': 'push' }) =>
    fixture.raw('/api/webhook', { method: 'POST', body: JSON.stringify(event), headers });
  const push = (url: string) => ({ ref: 'refs/heads/main', repository: { html_url: url, default_branch: 'main' } });
  const annotation = 'argocd.argoproj.io/refresh';

  it('refreshes what it concerns and nothing else', async () => {
    const [one, other] = [await fixture.created(), await fixture.created()];
    const url = one.app.spec.source?.repoURL ?? '';
    expect((await post(push(url.replace('https', 'http')))).status).toBe(200);
    await eventually(async () => (await fixture.stored(one.name)).metadata.annotations?.[annotation] === 'normal', {
      what: 'the refresh',
    });
    expect((await fixture.stored(other.name)).metadata.annotations?.[annotation]).toBeUndefined();
  });

  it('must be signed where a secret is set', async () => {
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: fixture.namespace, name: 'argocd-secret' };
    const secret = Buffer.from('canary').toString('base64');
    await fixture.kube.patch(ref, { data: { 'webhook.gitlab.secret': secret } }, { type: 'merge' });
    const headers = { 'x-gitlab-event': 'Push Hook' };
    await eventually(async () => (await post({}, headers)).status === 401, { what: 'the secret' });
    expect((await post({}, { ...headers, 'x-gitlab-token': 'canary' })).status).toBe(400);
    expect((await post(push('https://git.example/x'))).status).toBe(200);
  });

  it.each([
    ['GET', undefined, 405],
    ['POST', '{', 400],
    ['POST', '{}', 400],
  ])('by %s with %s is answered %i', async (method, sent, status) => {
    const init = sent === undefined ? { method } : { method, body: sent };
    expect((await fixture.raw('/api/webhook', init)).status).toBe(status);
  });
});
