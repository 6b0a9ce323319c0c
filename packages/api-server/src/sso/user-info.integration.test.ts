import { createApiClient } from '@plumbline/protocol';
import { eventually, type IdentityProvider, identityProvider } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
let provider: IdentityProvider;
let url: string;

beforeAll(async () => {
  fixture = await apiFixture();
  ({ url } = fixture.server);
  provider = await identityProvider({
    clientId: 'plumbline',
    clientSecret: 'a-secret-of-the-client',
    redirectUri: `${url}/auth/callback`,
    groups: { ann: ['team'] },
    bareIdTokens: true,
  });
}, 300_000);

afterAll(async () => {
  await provider?.close();
  await fixture?.close();
});

async function configure(name: string, more = ''): Promise<void> {
  const { issuer } = provider;
  const config = `name: ${name}\nissuer: ${issuer}\nclientID: plumbline\nclientSecret: a-secret-of-the-client\n${more}`;
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'argocd-cm' };
  await fixture.kube.patch(ref, { data: { url, 'oidc.config': config } }, { type: 'merge' });
  const known = async () => (await fixture.api.call('settings')).oidcConfig?.name === name;
  await eventually(known, { what: 'the settings' });
}

async function groupsOfAnn(): Promise<readonly string[] | undefined> {
  const begun = await fixture.raw('/auth/login', { redirect: 'manual' });
  const state = begun.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const back = await provider.logIn(begun.headers.get('location') ?? '', 'ann', `${url}/auth/callback`);
  const done = await fixture.raw(back.slice(url.length), { redirect: 'manual', headers: { cookie: state } });
  const token = /argocd\.token=([^;]+)/.exec(done.headers.getSetCookie().join('; '))?.[1] ?? '';
  return (await createApiClient({ url, token }).call('userInfo')).groups;
}

it('asks the provider for groups that are not in the token, where that is switched on', async () => {
  await configure('Plain');
  expect(await groupsOfAnn()).toEqual([]);
  await configure('Groups', 'enableUserInfoGroups: true');
  expect(await groupsOfAnn()).toEqual(['team']);
});
