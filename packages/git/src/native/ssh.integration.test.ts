import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import { createMirrors, type Mirrors } from '../create-mirrors.ts';
import { type SshServer, sshServer } from '../test-support/ssh-server.ts';
import { tunnelProxy } from '../test-support/tunnel-proxy.ts';
import type { RepositoryAccess } from '../types.ts';

describe('a repository over ssh', { timeout: 60_000 }, () => {
  let server: SshServer;
  let repository: GitRepository;
  let head: string;
  let url: string;
  let folder: string;
  let mirrors: Mirrors;

  beforeAll(async () => {
    server = await sshServer();
    repository = await gitRepository();
    head = await repository.write('a.yaml', 'a: 1\n').commit();
    url = `ssh://${server.user}@127.0.0.1:${server.port}${repository.folder}`;
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await repository?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "plumbline ssh 100%'s-"));
    mirrors = createMirrors({
      backend: createGitBackend({ name: 'native', logger: silentLogger }),
      folder,
      logger: silentLogger,
    });
  });
  afterEach(async () => {
    await mirrors.close();
    await rm(folder, { recursive: true, force: true });
  });

  const resolve = async (more: Partial<RepositoryAccess> = {}) => {
    const access = { url, sshPrivateKey: server.key, sshKnownHosts: server.knownHosts, ...more };
    return (await mirrors.get(access)).resolve('main');
  };

  test('is read with its private key from a known host', async () => {
    await expect(resolve()).resolves.toEqual({ commit: head, ref: 'refs/heads/main' });
    const mirror = await mirrors.get({ url, sshPrivateKey: server.key, sshKnownHosts: server.knownHosts });
    const [entry] = await mirror.readTree(await mirror.rootTree(head));
    expect(Buffer.from(await mirror.readBlob(entry?.oid ?? '')).toString()).toBe('a: 1\n');
  });

  test('is read with a key that lost its last newline or came with carriage returns', async () => {
    await expect(resolve({ sshPrivateKey: server.key.trimEnd() })).resolves.toMatchObject({ commit: head });
    await expect(resolve({ sshPrivateKey: server.key.replaceAll('\n', '\r\n') })).resolves.toMatchObject({
      commit: head,
    });
  });

  test.each([
    ['an unknown host', () => ''],
    ['a host with another key', () => server.wrongKnownHosts],
  ])('is refused from %s, and the error says where to add the host', async (_, knownHosts) => {
    const failure = await resolve({ sshKnownHosts: knownHosts() }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'GIT_HOST_KEY', hint: expect.stringContaining('argocd-ssh-known-hosts-cm') });
    expect(String(failure)).toContain(`127.0.0.1:${server.port}`);
  });

  test('is read from an unknown host where the access says insecure', async () => {
    await expect(resolve({ sshKnownHosts: '', insecure: true })).resolves.toMatchObject({ commit: head });
  });

  test.each([
    ['a key that the server does not know', () => server.strangerKey],
    ['no key', () => ''],
    ['something that is no key', () => 'not a key'],
  ])('is refused with %s, and the error says what to set', async (_, key) => {
    await expect(resolve({ sshPrivateKey: key() })).rejects.toMatchObject({
      code: 'GIT_AUTHENTICATION',
      hint: expect.stringContaining('sshPrivateKey'),
    });
  });

  test.each(['http', 'socks5'] as const)('is read through a proxy that speaks %s, with its password', async (kind) => {
    await using proxy = await tunnelProxy(kind, { user: 'jo', password: 'p%w:d' });
    await expect(resolve({ proxy: proxy.url })).resolves.toMatchObject({ commit: head });
    expect(proxy.targets).toEqual([`127.0.0.1:${server.port}`, `127.0.0.1:${server.port}`]);
    const refused = resolve({ proxy: proxy.url.replace('jo:', 'stranger:') });
    await expect(refused).rejects.toMatchObject({
      code: 'GIT_UNREACHABLE',
      message: expect.stringContaining('proxy '),
    });
    await expect(resolve({ proxy: 'http://127.0.0.1:9', noProxy: 'h,127.0.0.1' })).resolves.toMatchObject({
      commit: head,
    });
  });

  test('leaves no key behind, and none where others can read it', async () => {
    await resolve();
    const find = (): string[] =>
      readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('ssh-key'));
    const [file] = find();
    expect(
      execFileSync('stat', ['-c', '%a', join(folder, file ?? '')])
        .toString()
        .trim(),
    ).toBe('600');
    await mirrors.close();
    expect(find()).toEqual([]);
  });
});
