import { createApiClient } from '@plumbline/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture, password } from './test-support/api-fixture.ts';

let fixture: ApiFixture;
let api: ApiFixture['api'];
let raw: ApiFixture['raw'];
let server: ApiFixture['server'];
let token: ApiFixture['token'];

beforeAll(async () => {
  fixture = await apiFixture();
  ({ api, raw, server, token } = fixture);
}, 300_000);

afterAll(async () => fixture.close());

describe('sessions', () => {
  it('refuse a wrong password like an unknown user', async () => {
    for (const credentials of [
      { username: 'admin', password: 'wrong' },
      { username: 'nobody', password },
    ]) {
      const call = createApiClient({ url: server.url }).call('login', { body: credentials });
      await expect(call).rejects.toMatchObject({ status: 401, code: 16, message: 'Invalid username or password' });
    }
  });

  it('are needed for everything but what a stranger may see', async () => {
    const stranger = createApiClient({ url: server.url });
    await expect(stranger.call('listApplications')).rejects.toMatchObject({
      status: 401,
      code: 16,
      message: 'no session information',
    });
    expect((await raw('/api/v1/stream/applications')).status).toBe(401);
    expect((await raw(`/api/v1/applications?token=${token}`)).status).toBe(401);
    expect(await (await raw('/healthz?full=true')).text()).toBe('ok');
    expect(await stranger.call('version')).toEqual({ Version: 'v1.2.3' });
    expect(await api.call('version')).toEqual({ Version: 'v1.2.3', Platform: 'test' });
    expect(await stranger.call('settings')).toMatchObject({ appLabelKey: 'app.kubernetes.io/instance' });
    expect(await fixture.api.call('settings')).toMatchObject({ trackingMethod: 'annotation' });
    expect(await stranger.call('userInfo')).toEqual({ loggedIn: false });
    expect(await api.call('userInfo')).toMatchObject({ loggedIn: true, username: 'admin', iss: 'argocd' });
  });

  it('work by a cookie that scripts cannot read', async () => {
    const response = await raw('/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^argocd\.token=\S+; Path=\/; HttpOnly; SameSite=Lax$/);
    const list = await raw('/api/v1/applications', { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(list.status).toBe(200);
  });
});

describe('requests', () => {
  it('need the content type of JSON on writes', async () => {
    const form = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' };
    const response = await raw('/api/v1/applications', form);
    expect([response.status, await response.text()]).toEqual([415, 'Invalid content type']);
  });

  it.each(['{not json', '{"spec": 5}', '[]', '{"metadata": {"name": {}}}'])(
    'that say %s are a client error',
    async (text) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await raw('/api/v1/applications', { method: 'POST', headers, body: text });
      expect([response.status, ((await response.json()) as { code: number }).code]).toEqual([400, 3]);
    },
  );

  it('for unknown routes are told so in JSON', async () => {
    const response = await raw('/api/v1/nonsense', { headers: { authorization: `Bearer ${token}` } });
    expect((await raw('/api/v1/nonsense')).status).toBe(401);
    expect([response.status, ((await response.json()) as { code: number }).code]).toEqual([404, 5]);
  });
});
