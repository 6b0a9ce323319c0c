import { createApiClient } from '@plumbline/protocol';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture, password } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
let api: ApiFixture['api'];

beforeAll(async () => {
  fixture = await apiFixture();
  ({ api } = fixture);
}, 300_000);

afterAll(async () => fixture.close());

const configMap = (name: string, data: Record<string, string | null>) =>
  fixture.kube.patch(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name },
    { data },
    { type: 'merge' },
  );

const client = (token: string) => createApiClient({ url: fixture.server.url, token });

/** A local account with a password, logged in. ME in the policy is its name. */
async function account(name: string, policy = '', capabilities = 'login, apiKey') {
  await configMap('argocd-rbac-cm', { [`policy.${name}.csv`]: policy.replaceAll('ME', name) });
  await configMap('argocd-cm', { [`accounts.${name}`]: capabilities });
  const known = () => api.call('getAccount', { params: { name } }).catch(() => undefined);
  await eventually(known, { what: `the account ${name}` });
  const newPassword = `password-of-${name}`;
  await api.call('changePassword', { body: { name, currentPassword: password, newPassword } });
  const body = { username: name, password: newPassword };
  const { token } = await createApiClient({ url: fixture.server.url }).call('login', { body });
  return { name, token, api: client(token), password: newPassword };
}

describe('local accounts', () => {
  it('log in, see themselves, and no secret shows', async () => {
    const bob = await account('bob');
    expect(await bob.api.call('userInfo')).toMatchObject({ loggedIn: true, username: 'bob' });
    expect((await bob.api.call('listAccounts')).items.map(({ name }) => name)).toEqual(['bob']);
    expect(JSON.stringify(await api.call('listAccounts'))).not.toMatch(/\$2|password/);
    const other = bob.api.call('getAccount', { params: { name: 'admin' } });
    await expect(other).rejects.toMatchObject({ status: 403 });
    const none = bob.api.call('getAccount', { params: { name: 'nobody' } });
    await expect(none).rejects.toMatchObject({ status: 403, message: 'permission denied: accounts, get, nobody' });
    const change = { name: 'admin', currentPassword: bob.password, newPassword: 'taken-over' };
    await expect(bob.api.call('changePassword', { body: change })).rejects.toMatchObject({ status: 403 });
  });

  it('have API keys that work until they are deleted', async () => {
    const { name } = await account('keys');
    const { token } = await api.call('createAccountToken', { params: { name }, body: { id: 'one', expiresIn: 3600 } });
    expect(await client(token).call('userInfo')).toMatchObject({ username: 'keys' });
    const again = api.call('createAccountToken', { params: { name }, body: { id: 'one' } });
    await expect(again).rejects.toMatchObject({ status: 409, message: expect.stringContaining("'one'") });
    await api.call('deleteAccountToken', { params: { name, id: 'one' } });
    await expect(client(token).call('listApplications')).rejects.toMatchObject({ status: 401 });
    const admin = api.call('createAccountToken', { params: { name: 'admin' }, body: {} });
    await expect(admin).rejects.toMatchObject({ status: 400, message: expect.stringContaining('capability') });
  });

  it('end their sessions on log-out', async () => {
    const eve = await account('eve');
    await eve.api.call('listApplications');
    await eve.api.call('logout');
    await expect(eve.api.call('listApplications')).rejects.toMatchObject({ status: 401 });
  });

  it('refuse a password that is too simple or a wrong current one', async () => {
    const carl = await account('carl');
    const change = (currentPassword: string, newPassword: string) =>
      carl.api.call('changePassword', { body: { currentPassword, newPassword } });
    await expect(change(carl.password, 'short')).rejects.toMatchObject({ status: 400 });
    await expect(change('wrong', 'long-enough-1')).rejects.toMatchObject({
      message: expect.stringContaining('current'),
    });
  });
});

describe('rights', () => {
  it('answer an Application of others in the same bytes as one that is not there', async () => {
    const { name } = await fixture.created();
    const dave = await account('dave', 'p, ME, applications, get, other/*, allow');
    const ask = async (path: string) => {
      const headers = { authorization: `Bearer ${dave.token}` };
      const response = await fixture.raw(`/api/v1/applications/${path}`, { headers });
      return [response.status, await response.text()];
    };
    expect(await ask(name)).toEqual(await ask('none'));
    expect(await ask(`${name}?project=other`)).toEqual(
      (await ask('none?project=other')).map((part) =>
        typeof part === 'string' ? part.replaceAll('none', name) : part,
      ),
    );
    expect((await ask(name))[0]).toBe(403);
    expect((await ask('none?project=other'))[0]).toBe(404);
    expect((await dave.api.call('listApplications')).items).toEqual([]);
  });

  it('count without a restart, and end open streams when they are lost', async () => {
    const { name, params } = await fixture.created();
    const fay = await account('fay', 'p, ME, applications, get, */*, allow');
    const frames: string[] = [];
    const watched = (async () => {
      for await (const frame of fay.api.stream('watchApplications', { query: { name } })) frames.push(frame.type);
    })();
    const tree = (async () => {
      for await (const _ of fay.api.stream('watchResourceTree', { params })) frames.push('tree');
    })().then(
      () => 'ended',
      (error: unknown) => String(error),
    );
    await eventually(() => frames.includes('ADDED') && frames.includes('tree'), { what: 'the first frames' });
    const start = Date.now();
    await configMap('argocd-rbac-cm', { 'policy.fay.csv': '' });
    await eventually(() => frames.includes('DELETED'), { what: 'the loss to be told' });
    expect(await Promise.race([tree, new Promise((resolve) => setTimeout(resolve, 6_000))])).toContain(
      'permission denied',
    );
    expect(Date.now() - start).toBeLessThan(5_000);
    await configMap('argocd-cm', { 'accounts.fay.enabled': 'false' });
    await watched;
  });

  it('are told by can-i, also for what has slashes in its name', async () => {
    const gus = await account('gus', 'p, ME, clusters, get, https://a/b, allow');
    const ask = async (resource: string, action: string, subresource: string) =>
      (await gus.api.call('canI', { params: { resource, action, subresource } })).value;
    expect(await ask('clusters', 'get', 'https://a/b')).toBe('yes');
    expect(await ask('clusters', 'get', 'https://a/c')).toBe('no');
    expect(await ask('applications', 'sync', '*')).toBe('no');
    const ada = await account('ada', 'p, ME, applications, sync, */*, allow');
    const { value } = await ada.api.call('canI', {
      params: { resource: 'applications', action: 'sync', subresource: '*' },
    });
    expect(value).toBe('yes');
    await expect(ask('nonsense', 'get', 'x')).rejects.toMatchObject({ status: 400 });
  });
});
