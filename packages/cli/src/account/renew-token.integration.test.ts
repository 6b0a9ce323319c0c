import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, type IdentityProvider, identityProvider } from '@plumbline/testing';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigFile } from '../config/config-file.ts';
import { runCli } from '../run.ts';
import { fakeTerminal } from '../test-support/fake-terminal.ts';
import { freePort } from '../test-support/free-port.ts';
import { useOwnConfiguration } from '../test-support/run-plumb.ts';

const home = useOwnConfiguration();
let provider: IdentityProvider;
let port: number;
let server: Server;
let url: string;
let isUp = true;
/** Tokens that the server was asked with. */
const sent: (string | undefined)[] = [];

/** The far end: settings that name the provider, and who asks. */
function answer(path: string): unknown {
  if (path !== '/api/v1/settings') return { loggedIn: true, username: 'ann', iss: provider.issuer, groups: [] };
  const { issuer } = provider;
  const own = { name: 'Test', issuer, clientID: 'web', cliClientID: 'plumb-cli', scopes: ['openid'] };
  return {
    url,
    appLabelKey: 'l',
    userLoginsDisabled: true,
    oidcConfig: { ...own, enablePKCEAuthentication: true },
  };
}

beforeAll(async () => {
  port = await freePort();
  const redirectUri = `http://localhost:${port}/auth/callback`;
  const refreshable = { idTokenSeconds: 3600 };
  provider = await identityProvider({ clientId: 'plumb-cli', redirectUri, groups: {}, refreshable });
  server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/api/v1/session/userinfo') sent.push(request.headers.authorization?.replace('Bearer ', ''));
    response.writeHead(isUp ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isUp ? answer(path) : { error: 'down', code: 14, message: 'down' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  await provider.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function run(...args: string[]) {
  const { terminal, written } = fakeTerminal();
  const code = await runCli(args, { ...terminal, now: () => new Date() });
  process.exitCode = undefined;
  return { code, ...written };
}

const path = () => join(home(), 'config');
const user = async () => (load(await readFile(path(), 'utf8')) as ConfigFile).users[0];

/** Logs in with a browser. */
async function logIn(): Promise<void> {
  const { terminal, written } = fakeTerminal();
  const args = ['login', url, '--sso', '--sso-port', String(port), '--sso-launch-browser=false'];
  const done = runCli(args, terminal);
  const address = () => /^http\S+\/auth\?\S+$/m.exec(written.err)?.[0];
  const target = await eventually(async () => address(), { what: 'the address' });
  await fetch(await provider.logIn(target, 'ann', `http://localhost:${port}/`));
  expect(await done, written.err).toBe(0);
}

/** Lets the session end: the token in the file becomes one of yesterday. */
async function endSession(sub = 'ann'): Promise<void> {
  const file = load(await readFile(path(), 'utf8')) as ConfigFile;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const old = `${part({ alg: 'RS256' })}.${part({ iss: provider.issuer, sub, exp: 1_700_000_000 })}.x`;
  const users = file.users.map((entry) => ({ ...entry, 'auth-token': old }));
  await writeFile(path(), dump({ ...file, users }), { mode: 0o600 });
}

describe('a session of SSO', () => {
  beforeEach(async () => {
    isUp = true;
    await logIn();
    sent.length = 0;
  }, 30_000);

  it('is kept with its refresh token, for its owner only, and is left alone while it lasts', async () => {
    const before = provider.refreshes();
    expect(await user()).toMatchObject({ 'auth-token': expect.any(String), 'refresh-token': expect.any(String) });
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(await run('account', 'get-user-info')).toMatchObject({ code: 0 });
    expect(sent).toEqual([(await user())?.['auth-token']]);
    expect(provider.refreshes()).toBe(before);
  });

  it('is renewed once when it has ended, also by several commands at once', async () => {
    const before = { count: provider.refreshes(), user: await user() };
    await endSession();
    const commands = await Promise.all([1, 2, 3].map(() => run('account', 'get-user-info')));
    expect(commands.map(({ code, err }) => ({ code, err }))).toEqual(commands.map(() => ({ code: 0, err: '' })));
    expect(provider.refreshes()).toBe(before.count + 1);
    const now = await user();
    expect(new Set(sent)).toEqual(new Set([now?.['auth-token']]));
    expect(now?.['refresh-token']).not.toBe(before.user?.['refresh-token']);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await run('account', 'session-token')).out.trim()).toBe(now?.['auth-token']);
  });

  it('is not touched where another token is given', async () => {
    await endSession();
    await run('account', 'get-user-info', '--auth-token', 'mine');
    expect(sent).toEqual(['mine']);
  });

  it('ends for good where the provider does not take the refresh token any longer', async () => {
    await endSession();
    await provider.refuseRefreshes();
    const { code, err } = await run('account', 'get-user-info');
    expect(code).toBe(20);
    expect(err).toMatch(/the session at http\S+ has ended and is not renewed: .*\nnext: {2}plumb relogin/);
    expect(sent).toEqual([]);
    expect(await user()).not.toHaveProperty('refresh-token');
  });

  it('is kept for later where the server does not answer', async () => {
    await endSession();
    isUp = false;
    const { code, err } = await run('account', 'get-user-info');
    expect(code).toBe(20);
    expect(err).toContain('cannot be renewed now');
    expect(await user()).toHaveProperty('refresh-token');
  });

  it('is never continued as somebody else', async () => {
    await endSession('bob');
    const { code, err } = await run('account', 'get-user-info');
    expect({ code, asked: sent }).toEqual({ code: 20, asked: [] });
    expect(err).toContain('somebody else');
  });

  it('goes on although a plumb that was killed has left its lock', async () => {
    await endSession();
    await writeFile(`${path()}.lock`, '999999999');
    expect(await run('account', 'get-user-info')).toMatchObject({ code: 0 });
  });

  it('ends at the provider with a log-out', async () => {
    const left = await readFile(path(), 'utf8');
    expect(await run('logout')).toMatchObject({ code: 0 });
    expect((load(await readFile(path(), 'utf8')) as ConfigFile).users).toEqual([]);
    await writeFile(path(), left, { mode: 0o600 });
    await endSession();
    expect((await run('account', 'get-user-info')).err).toContain('is not renewed');
  });

  it('is begun anew with relogin, with the browser again', async () => {
    await provider.refuseRefreshes();
    const { terminal, written } = fakeTerminal();
    const done = runCli(['relogin', '--sso-port', String(port), '--sso-launch-browser=false'], terminal);
    const target = await eventually(async () => /^http\S+\/auth\?\S+$/m.exec(written.err)?.[0], {
      what: 'the address',
    });
    await fetch(await provider.logIn(target, 'ann', `http://localhost:${port}/`));
    expect(await done, written.err).toBe(0);
  });
});
