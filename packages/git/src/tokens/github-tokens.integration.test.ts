import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { eventually, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import { createMirrors } from '../create-mirrors.ts';
import { type GithubServer, githubServer } from '../test-support/github-server.ts';
import type { GithubApp } from '../types.ts';
import { createAccessTokens } from './access-tokens.ts';

describe('a GitHub App', { timeout: 60_000 }, () => {
  const minute = 60_000;
  const url = 'https://git.example/team/app';
  let server: GithubServer;
  beforeAll(async () => {
    server = await githubServer();
  });
  afterAll(async () => server?.[Symbol.asyncDispose]());
  beforeEach(() => {
    server.granted.length = 0;
    Object.assign(server.next, { token: 'ghs_first', expiresAt: new Date(Date.now() + 60 * minute).toISOString() });
  });

  const app = (more: Partial<GithubApp> = {}): GithubApp => ({
    appId: '4711',
    installationId: '42',
    privateKey: server.privateKey,
    baseUrl: `${server.url}/`,
    ...more,
  });
  const signedIn = (password: string) => ({ url, username: 'x-access-token', password });

  test('gives a token of its installation, once for all who ask', async () => {
    const tokens = createAccessTokens();
    const asked = await Promise.all([1, 2, 3].map(() => tokens.exchange({ url, githubApp: app() })));
    expect(asked).toEqual([signedIn('ghs_first'), signedIn('ghs_first'), signedIn('ghs_first')]);
    await tokens.exchange({ url, githubApp: app() });
    expect(server.granted).toHaveLength(1);
  });

  test('gives the next token some minutes before the present one ends', async () => {
    const tokens = createAccessTokens();
    const minutesLeft = (token: string, minutes: number) =>
      Object.assign(server.next, { token, expiresAt: new Date(Date.now() + minutes * minute).toISOString() });
    minutesLeft('ghs_first', 9);
    expect(await tokens.exchange({ url, githubApp: app() })).toEqual(signedIn('ghs_first'));
    minutesLeft('ghs_second', 12);
    expect(await tokens.exchange({ url, githubApp: app() })).toEqual(signedIn('ghs_second'));
    minutesLeft('ghs_third', 60);
    expect(await tokens.exchange({ url, githubApp: app() })).toEqual(signedIn('ghs_second'));
  });

  test.each<[string, () => Partial<GithubApp>]>([
    ['another App’s number', () => ({ appId: '1' })],
    ['an unknown installation', () => ({ installationId: '43' })],
    [
      'another key',
      () => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        return { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
      },
    ],
    ['no key at all', () => ({ privateKey: 'nonsense' })],
  ])('gets no token with %s', async (_, more) => {
    const asked = createAccessTokens().exchange({ url, githubApp: app(more()) });
    await expect(asked).rejects.toMatchObject({
      code: 'GIT_AUTHENTICATION',
      hint: expect.stringContaining('githubAppPrivateKey'),
    });
  });

  const anywhere = (): GithubApp => {
    const { installationId: _none, ...rest } = app();
    return rest;
  };

  test.each([
    url,
    'https://git.example:8443/TEAM/app.git',
    'ssh://git@git.example/team/app',
    'git@git.example:team/app',
  ])('finds the installation of the account that %s belongs to', async (address) => {
    const asked = createAccessTokens().exchange({ url: address, githubApp: anywhere() });
    await expect(asked).resolves.toMatchObject({ password: 'ghs_first' });
  });

  test('names the account that it is not installed for, and gives it no token of another', async () => {
    const tokens = createAccessTokens();
    await tokens.exchange({ url, githubApp: anywhere() });
    const asked = tokens.exchange({ url: 'https://git.example/strangers/app', githubApp: anywhere() });
    await expect(asked).rejects.toMatchObject({
      code: 'GIT_AUTHENTICATION',
      message: expect.stringContaining('is not installed for strangers'),
    });
  });

  test('waits for an address that does not answer', async () => {
    const asked = createAccessTokens().exchange({ url, githubApp: app({ baseUrl: 'http://127.0.0.1:1' }) });
    await expect(asked).rejects.toMatchObject({ code: 'GIT_UNREACHABLE', retry: 'transient' });
  });

  test('has a mirror per token, and the one before the last is closed', async () => {
    await using repository = await gitRepository();
    await repository.write('a', 'a').commit();
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-app-'));
    const mirrors = createMirrors({
      backend: createGitBackend({ logger: silentLogger }),
      folder,
      logger: silentLogger,
    });
    const get = (token: string) => {
      Object.assign(server.next, { token, expiresAt: new Date(Date.now() + minute).toISOString() });
      return mirrors.get({ url: repository.url, githubApp: app() });
    };
    const [first, second] = [await get('ghs_one'), await get('ghs_two')];
    await first.resolve('main');
    await get('ghs_three');
    const closed = () =>
      first.resolve('main').then(
        () => false,
        () => true,
      );
    await eventually(closed, { timeoutMs: 5_000, what: 'the first mirror to be closed' });
    await second.resolve('main');
    await mirrors.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('reads a repository, also once its first token has ended', async () => {
    await using repository = await gitRepository();
    const head = await repository.write('a', 'a').commit();
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-app-'));
    const mirrors = createMirrors({
      backend: createGitBackend({ logger: silentLogger }),
      folder,
      logger: silentLogger,
    });
    for (const token of ['ghs_one', 'ghs_two', 'ghs_three']) {
      await using http = await gitHttpServer({
        folder: repository.folder,
        username: 'x-access-token',
        password: token,
      });
      // Ends within the margin: each request gets the next one.
      Object.assign(server.next, { token, expiresAt: new Date(Date.now() + minute).toISOString() });
      const mirror = await mirrors.get({ url: http.repositoryUrl(repository), githubApp: app() });
      await expect(mirror.resolve('main')).resolves.toMatchObject({ commit: head });
    }
    await mirrors.close();
    await rm(folder, { recursive: true, force: true });
  });
});
