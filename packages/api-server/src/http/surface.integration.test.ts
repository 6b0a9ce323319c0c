import { request } from 'node:http';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
const own = 'https://gitops.example';

beforeAll(async () => {
  fixture = await apiFixture();
  const links = '- url: https://wiki.example/{{.project.metadata.name}}\n  title: Wiki\n';
  const data = { url: `${own}/path`, 'project.links': links };
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace };
  await fixture.kube.patch({ ...ref, name: 'argocd-cm' }, { data }, { type: 'merge' });
  const url = async () => (await fixture.api.call('settings')).url !== '';
  await eventually(url, { what: 'the URL' });
}, 300_000);

afterAll(async () => fixture.close());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fixture.raw(path, { method, headers: { authorization: `Bearer ${fixture.token}`, ...headers } });

it('lets pages of its own URL read the answers, and no others', async () => {
  const seen = async (origin: string) =>
    (await get('/api/v1/projects', { origin })).headers.get('access-control-allow-origin');
  expect(await seen(own)).toBe(own);
  expect(await seen('https://evil.example')).toBeNull();
  expect(await seen('null')).toBeNull();
});

it('tells a browser beforehand what its page may send', async () => {
  const asks = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
  const answer = await fixture.raw('/api/v1/applications', { method: 'OPTIONS', headers: { origin: own, ...asks } });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
  const other = await fixture.raw('/api/v1/applications', {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', ...asks },
  });
  expect(other.headers.get('access-control-allow-headers')).toBeNull();
});

it('says which methods a path takes', async () => {
  const answer = await get('/api/v1/applications', { 'content-type': 'application/json' }, 'PUT');
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
  expect(await answer.json()).toMatchObject({ code: 12 });
  expect((await get('/api/v1/none')).status).toBe(404);
});

it('projects lists to the fields that are asked for', async () => {
  const answer = await get('/api/v1/projects?fields=items.metadata.name');
  expect(await answer.json()).toEqual({ items: [{ metadata: { name: 'default' } }] });
});

it('links projects, and names what notifications are configured', async () => {
  const links = await fixture.api.call('projectLinks', { params: { name: 'default' } });
  expect(links.items).toEqual([{ title: 'Wiki', url: 'https://wiki.example/default' }]);
  expect(await fixture.api.call('notificationTriggers')).toEqual({ items: [] });
  await fixture.kube.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-notifications-cm', namespace: fixture.namespace },
    data: { 'service.webhook.hook': 'url: x', 'trigger.on-sync': '[]', 'template.t': 'message: x' },
  });
  expect(await fixture.api.call('notificationServices')).toEqual({ items: [{ name: 'hook' }] });
  expect(await fixture.api.call('notificationTriggers')).toEqual({ items: [{ name: 'on-sync' }] });
  expect(await fixture.api.call('notificationTemplates')).toEqual({ items: [{ name: 't' }] });
});

it('takes the place of an Application from the body, as clients of Argo CD send it', async () => {
  const { name } = await fixture.created();
  const send = (body: object) =>
    fixture.raw(`/api/v1/applications/${name}/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fixture.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await send({ appNamespace: 'elsewhere' })).status).toBe(403);
  expect((await send({ project: 'other' })).status).toBe(404);
  expect((await send({ name, appNamespace: fixture.namespace, project: 'default', dryRun: true })).status).toBe(200);
});

it('answers clients that offer to go over to another version of HTTP, as Java’s and curl do', async () => {
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
  const status = await new Promise((resolve, reject) => {
    const asked = request(`${fixture.server.url}/healthz`, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('error', reject).end();
  });
  expect(status).toBe(200);
});
