import { createApiClient } from '@plumbline/protocol';
import type { IdentityProvider } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiFixture } from '../test-support/api-fixture.ts';
import { type SsoFixture, ssoFixture } from '../test-support/sso-fixture.ts';

let sso: SsoFixture;
let fixture: ApiFixture;
let provider: IdentityProvider;
let url: string;

beforeAll(async () => {
  sso = await ssoFixture({ groups: { ann: ['team'] }, bareIdTokens: true });
  ({ fixture, provider, url } = sso);
}, 300_000);

afterAll(() => sso?.[Symbol.asyncDispose]());

const configure = (name: string, more = '') => sso.configure(name, { more });

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
