import { createApiClient } from '@plumbline/protocol';
import { eventually, type IdentityProvider, identityProvider } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
let dex: IdentityProvider;
let url: string;

function change(kind: string, name: string, data: Record<string, string | null>) {
  const ref = { apiVersion: 'v1', kind, namespace: fixture.namespace, name };
  return fixture.kube.patch(ref, { data }, { type: 'merge' });
}

const config = `connectors:
- type: oidc
  id: corp
  name: Corporation
  config: {issuer: "https://corp.example", clientID: c, clientSecret: s}
`;

/** The client secret that the server shares with dex. */
async function sharedSecret(): Promise<string> {
  const { createHash } = await import('node:crypto');
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: fixture.namespace, name: 'argocd-secret' };
  const data = (await fixture.kube.get(ref))['data'] as Record<string, string>;
  const key = Buffer.from(data['server.secretkey'] ?? '', 'base64').toString();
  return createHash('sha256').update(key).digest('base64url').slice(0, 40);
}

beforeAll(async () => {
  fixture = await apiFixture();
  ({ url } = fixture.server);
  expect((await fixture.raw('/api/dex/.well-known/openid-configuration')).status).toBe(404);
  dex = await identityProvider({
    issuer: `${url}/api/dex`,
    clientId: 'argo-cd',
    clientSecret: await sharedSecret(),
    redirectUri: `${url}/auth/callback`,
    groups: { ann: ['team'] },
  });
  await change('ConfigMap', 'argocd-cmd-params-cm', { 'server.dex.server': dex.address });
  await change('ConfigMap', 'argocd-rbac-cm', { 'policy.csv': 'g, team, role:readonly' });
  await change('ConfigMap', 'argocd-cm', { url, 'dex.config': config });
  await eventually(async () => (await fixture.api.call('settings')).dexConfig, { what: 'the settings' });
}, 300_000);

afterAll(async () => {
  await dex?.close();
  await fixture?.close();
});

it('tells clients the connectors of dex, and no secret', async () => {
  const settings = await fixture.api.call('settings');
  expect(settings.dexConfig).toEqual({ connectors: [{ name: 'Corporation', type: 'oidc' }] });
  expect(settings.oidcConfig).toBeUndefined();
});

it('has dex under its own address, forms and redirects included', async () => {
  const document = await (await fixture.raw('/api/dex/.well-known/openid-configuration')).json();
  expect(document).toMatchObject({ issuer: `${url}/api/dex` });
  const begun = await fixture.raw('/auth/login?return_url=/applications', { redirect: 'manual' });
  const target = begun.headers.get('location') ?? '';
  expect(target).toContain(`${url}/api/dex/`);
  const state = begun.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const back = await dex.logIn(target, 'ann', `${url}/auth/callback`);
  const done = await fixture.raw(back.slice(url.length), { redirect: 'manual', headers: { cookie: state } });
  expect([done.status, done.headers.get('location')]).toEqual([303, '/applications']);
  const token = /argocd\.token=([^;]+)/.exec(done.headers.getSetCookie().join('; '))?.[1] ?? '';
  const ann = createApiClient({ url, token });
  expect(await ann.call('userInfo')).toMatchObject({ username: 'ann', groups: ['team'] });
  expect((await ann.call('listProjects')).items.length).toBeGreaterThan(0);
});

it('shows dex no session of ours', async () => {
  const seen: (string | undefined)[] = [];
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer((request, response) => {
    seen.push(request.headers.cookie, request.url);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await change('ConfigMap', 'argocd-cmd-params-cm', { 'server.dex.server': `http://127.0.0.1:${port}` });
  const cookie = 'argocd.token=canary; argocd.token-1=canary; theirs=1';
  const asked = () => fixture.raw('/api/dex/x?y=1', { headers: { cookie } });
  await eventually(async () => (await asked()).status === 200 && seen.length > 0, { what: 'the new address' });
  expect(seen.slice(0, 2)).toEqual(['theirs=1', '/api/dex/x?y=1']);
  await new Promise((resolve) => server.close(resolve));
  await eventually(async () => (await asked()).status === 503, { what: 'the refusal while dex is away' });
});
