import { createApiClient } from '@plumbline/protocol';
import { eventually, type IdentityProvider } from '@plumbline/testing';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiFixture } from '../test-support/api-fixture.ts';
import { clientSecret, type SsoFixture, ssoFixture } from '../test-support/sso-fixture.ts';
import { safeReturnUrl } from './routes.ts';

let sso: SsoFixture;
let fixture: ApiFixture;
let provider: IdentityProvider;
let url: string;

beforeAll(async () => {
  sso = await ssoFixture({ groups: { ann: ['team'], bob: [], mallory: ['role:admin'] } });
  ({ fixture, provider, url } = sso);
  await change('Secret', 'argocd-secret', { 'oidc.secret': Buffer.from(clientSecret).toString('base64') });
  await change('ConfigMap', 'argocd-rbac-cm', { 'policy.csv': 'g, team, role:readonly' });
  await sso.configure('Test', { secret: '$oidc.secret' });
}, 300_000);

afterAll(() => sso?.[Symbol.asyncDispose]());

function change(kind: string, name: string, data: Record<string, string>) {
  const ref = { apiVersion: 'v1', kind, namespace: fixture.namespace, name };
  return fixture.kube.patch(ref, { data }, { type: 'merge' });
}

const get = (path: string, cookie = '') => fixture.raw(path, { redirect: 'manual', headers: { cookie } });

/** Cookies that an answer sets, as a browser would send them. */
const cookies = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((text) => text.split(';')[0] ?? '')
    .filter((text) => !text.endsWith('='))
    .join('; ');

/** Goes to the provider and back; what the callback answers. */
async function logIn(user: string, returnUrl = '/applications') {
  const begun = await get(`/auth/login?return_url=${encodeURIComponent(returnUrl)}`);
  const target = begun.headers.get('location') ?? '';
  const back = await provider.logIn(target, user, `${url}/auth/callback`);
  const path = back.slice(url.length);
  return { target: new URL(target), path, state: cookies(begun), done: await get(path, cookies(begun)) };
}

async function tokenOf(user: string): Promise<string> {
  const { done } = await logIn(user);
  return /argocd\.token=([^;]+)/.exec(cookies(done))?.[1] ?? '';
}

const as = (token: string) => createApiClient({ url, token });

describe('SSO', () => {
  it('goes by the authorization code with PKCE, state and nonce, and comes back with a session', async () => {
    const { target, done } = await logIn('ann');
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^.{43}$/),
      state: expect.stringMatching(/^.{43}$/),
      nonce: expect.stringMatching(/^.{43}$/),
    });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/applications']);
    expect(done.headers.getSetCookie()[0]).toMatch(/^argocd\.token=.+; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('gives the rights of groups', async () => {
    const ann = as(await tokenOf('ann'));
    expect(await ann.call('userInfo')).toMatchObject({ username: 'ann', iss: provider.issuer, groups: ['team'] });
    expect((await ann.call('listProjects')).items.length).toBeGreaterThan(0);
    const bob = as(await tokenOf('bob'));
    expect((await bob.call('listProjects')).items).toEqual([]);
  });

  it('takes no roles of ours from the provider', async () => {
    const mallory = as(await tokenOf('mallory'));
    expect(await mallory.call('userInfo')).toMatchObject({ username: 'mallory', groups: [] });
    expect((await mallory.call('listProjects')).items).toEqual([]);
    await expect(as(await tokenOf('role:admin')).call('listProjects')).rejects.toMatchObject({ status: 401 });
    await expect(as(await tokenOf('proj:default:x')).call('listProjects')).rejects.toMatchObject({ status: 401 });
  });

  it('finishes only what the same browser has begun, and once', async () => {
    const { path, state } = await logIn('bob');
    expect((await get(path, state)).status).toBe(400);
    const begun = await get('/auth/login');
    const back = await provider.logIn(begun.headers.get('location') ?? '', 'bob', `${url}/auth/callback`);
    expect((await get(back.slice(url.length))).status).toBe(400);
    expect((await get(back.slice(url.length), state)).status).toBe(400);
  });

  it('may change passwords of local accounts with the right to, while the log-in is fresh', async () => {
    await change('ConfigMap', 'argocd-cm', { 'accounts.local': 'login' });
    const body = { name: 'local', newPassword: 'a-new-password' };
    const [ann, bob] = [as(await tokenOf('ann')), as(await tokenOf('bob'))];
    await change('ConfigMap', 'argocd-rbac-cm', {
      'policy.csv': 'g, team, role:readonly\np, team, accounts, update, local, allow',
    });
    const changed = () =>
      ann.call('changePassword', { body }).then(
        () => true,
        () => false,
      );
    await eventually(changed, { what: 'the change of the password' });
    expect(
      (await fixture.api.call('login', { body: { username: 'local', password: body.newPassword } })).token,
    ).toBeTruthy();
    await expect(bob.call('changePassword', { body })).rejects.toMatchObject({ status: 403 });
    const own = { newPassword: 'a-new-password' };
    await expect(ann.call('changePassword', { body: own })).rejects.toMatchObject({ status: 403 });
  });

  it('ends with the log-out', async () => {
    const token = await tokenOf('ann');
    const out = await get('/auth/logout', `argocd.token=${token}`);
    expect(out.status).toBe(303);
    await expect(as(token).call('listProjects')).rejects.toMatchObject({ status: 401 });
  });

  it('refuses tokens that are unsigned, signed with another key, or changed', async () => {
    const claims = decodeJwt(await tokenOf('ann'));
    const secret = new TextEncoder().encode('a-secret-of-the-client');
    const forged = [
      new UnsecuredJWT(claims).encode(),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret),
      await new SignJWT({ ...claims, iss: 'https://evil.example' }).setProtectedHeader({ alg: 'HS256' }).sign(secret),
    ];
    for (const token of forged) {
      await expect(as(token).call('listProjects')).rejects.toMatchObject({ status: 401 });
    }
  });

  it('tells clients of the provider what they need, and not the secret', async () => {
    const text = JSON.stringify(await createApiClient({ url }).call('settings'));
    expect(text).toContain(provider.issuer);
    expect(text).not.toContain('secret');
  });
});

describe('where a log-in returns to', () => {
  it.each([
    ['/applications?x=1', '/applications?x=1'],
    ['https://argocd.example/a', 'https://argocd.example/a'],
    ['https://evil.example/a', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['javascript:alert(1)', '/'],
    [undefined, '/'],
  ])('%s is %s', (asked, place) => {
    expect(safeReturnUrl(asked, 'https://argocd.example')).toBe(place);
  });
});
