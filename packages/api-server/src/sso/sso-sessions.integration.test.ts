import { createApiClient } from '@plumbline/protocol';
import { eventually, type IdentityProvider } from '@plumbline/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiFixture } from '../test-support/api-fixture.ts';
import { type SsoFixture, ssoFixture } from '../test-support/sso-fixture.ts';

const idTokenSeconds = 8;
let sso: SsoFixture;
let fixture: ApiFixture;
let provider: IdentityProvider;
let url: string;

beforeAll(async () => {
  sso = await ssoFixture({ groups: { ann: ['team'] }, refreshable: { idTokenSeconds } });
  ({ fixture, provider, url } = sso);
  await configure('Renewing', 'refreshTokenThreshold: 5m');
}, 300_000);

afterAll(() => sso?.[Symbol.asyncDispose]());

const configure = (name: string, more = '') => sso.configure(name, { more });

const get = (path: string, cookie: string) => fixture.raw(path, { redirect: 'manual', headers: { cookie } });

/** The session that an answer sets; undefined where it sets none. */
const sessionOf = (answer: Response) => /argocd\.token=([^;]+)/.exec(answer.headers.getSetCookie().join('; '))?.[1];

async function logIn(): Promise<{ scope: string | null; token: string }> {
  const begun = await get('/auth/login', '');
  const target = begun.headers.get('location') ?? '';
  const state = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const back = await provider.logIn(target, 'ann', `${url}/auth/callback`);
  const token = sessionOf(await get(back.slice(url.length), state)) ?? '';
  return { scope: new URL(target).searchParams.get('scope'), token };
}

const visit = (token: string) => get('/api/v1/session/userinfo', `argocd.token=${token}`);
const statusOf = async (token: string) => (await get('/api/v1/projects', `argocd.token=${token}`)).status;
/** Before it the provider would sign the same token again. */
const secondAfter = (token: string) =>
  eventually(() => Date.now() > ((decodeJwt(token).iat ?? 0) + 1) * 1000, { what: 'the next second' });
const ended = (token: string) =>
  eventually(async () => (await createApiClient({ url, token }).call('userInfo')).loggedIn === false, {
    what: 'the end of the session',
  });

describe('a session of the identity provider with a threshold', () => {
  it('goes on beyond the end of its ID token, as the same user', async () => {
    const first = await logIn();
    expect(first.scope).toContain('offline_access');
    const end = (decodeJwt(first.token).exp ?? 0) * 1000 + idTokenSeconds * 1000;
    let { token } = first;
    const beyond = async () => {
      const answer = await visit(token);
      expect(await answer.json()).toMatchObject({ loggedIn: true, username: 'ann' });
      token = sessionOf(answer) ?? token;
      return Date.now() > end;
    };
    await eventually(beyond, { what: 'the time beyond the second ID token', intervalMs: 500 });
    expect(await statusOf(first.token)).toBe(401);
    expect(decodeJwt(token).sub).toBe('ann');
  });

  it('is renewed once, whoever asks at the same time, and later ones with the old token get the same', async () => {
    const { token } = await logIn();
    await secondAfter(token);
    const before = provider.refreshes();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => visit(token)));
    const renewed = new Set([...answers, await visit(token)].map(sessionOf));
    expect(renewed.size).toBe(1);
    expect(renewed.has(undefined)).toBe(false);
    expect(provider.refreshes() - before).toBe(1);
  });

  it('ends with its ID token where the provider refuses to renew it', async () => {
    const { token } = await logIn();
    await provider.refuseRefreshes();
    const answer = await visit(token);
    expect([answer.status, sessionOf(answer), await statusOf(token)]).toEqual([200, undefined, 200]);
    await ended(token);
  });

  it('ends with the log-out under all tokens that it had', async () => {
    const { token } = await logIn();
    await secondAfter(token);
    const renewed = sessionOf(await visit(token)) ?? '';
    expect([await statusOf(token), await statusOf(renewed)]).toEqual([200, 200]);
    await get('/auth/logout', `argocd.token=${renewed}`);
    expect([await statusOf(token), await statusOf(renewed)]).toEqual([401, 401]);
    expect(sessionOf(await visit(token))).toBeUndefined();
  });

  it('ends with the log-out also where that comes with an older token', async () => {
    const { token } = await logIn();
    await secondAfter(token);
    const renewed = sessionOf(await visit(token)) ?? '';
    await get('/auth/logout', `argocd.token=${token}`);
    expect([await statusOf(token), await statusOf(renewed)]).toEqual([401, 401]);
  });
});

it('ends with its ID token where there is no threshold', async () => {
  await configure('Plain');
  const { scope, token } = await logIn();
  expect(scope).not.toContain('offline_access');
  expect(sessionOf(await visit(token))).toBeUndefined();
  await ended(token);
});
