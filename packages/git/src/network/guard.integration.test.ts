import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import { lfsServer, pointerTo } from '../test-support/lfs-server.ts';
import type { RepositoryAccess } from '../types.ts';
import { checkHost, hostOfRepository } from './guard.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-guard-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Sends everything on to another place; `seen` are the hosts and credentials of what arrived. */
async function redirector(target: (path: string) => string) {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: target(request.url ?? '') }).end();
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe.each(['native', 'isomorphic'] as const)(
  'a repository whose address another one names, by the %s backend',
  (name) => {
    const resolve = async (access: RepositoryAccess): Promise<string> => {
      const mirror = await createGitBackend({ name, logger: silentLogger }).open({ foreign: true, ...access }, folder);
      try {
        return (await mirror.resolve('main')).commit;
      } finally {
        await mirror.close();
      }
    };

    it.each([
      'http://169.254.169.254/latest/meta-data.git',
      'http://[fd00:ec2::254]/a.git',
      'http://[::ffff:169.254.169.254]/a.git',
      'http://2852039166/a.git',
    ])('is not asked for at %s', async (url) => {
      await expect(resolve({ url })).rejects.toMatchObject({ code: 'GIT_ADDRESS_FORBIDDEN', retry: 'terminal' });
    });

    it('is not asked for behind a redirect to such an address', async () => {
      await using front = await redirector((path) => `http://169.254.169.254${path}`);
      await expect(resolve({ url: `${front.url}/a.git` })).rejects.toMatchObject({ code: 'GIT_ADDRESS_FORBIDDEN' });
    });

    it('is read at an address that is no such one, also by name and behind a redirect', async () => {
      await using repository = await gitRepository();
      repository.write('a', 'a');
      const head = await repository.commit();
      await using server = await gitHttpServer({ folder: repository.folder });
      const url = server.repositoryUrl(repository);
      expect(await resolve({ url: url.replace('127.0.0.1', 'localhost') })).toBe(head);
      const { origin } = new URL(url);
      await using front = await redirector((path) => `${origin}${path}`);
      expect(await resolve({ url: url.replace(origin, front.url) })).toBe(head);
    });

    it('does not take credentials to another server', async () => {
      await using thief = await redirector(() => '/');
      await using front = await redirector((path) => `${thief.url}${path}`);
      await expect(resolve({ url: `${front.url}/a.git`, username: 'user', password: 'secret' })).rejects.toThrow();
      expect(thief.seen.filter((header) => header !== undefined)).toEqual([]);
    });
  },
);

it.each(['native', 'isomorphic'] as const)(
  'no repository is asked for at a metadata address, whoever names it, by the %s backend',
  async (name) => {
    const urls = ['http://169.254.169.254/latest?x=/a.git', 'http://0xa9.0xfe.0xa9.0xfe/a.git'];
    if (name === 'native') urls.push('ssh://git@169.254.169.254/a.git', 'git@169.254.169.254:a/b.git');
    for (const url of urls) {
      const mirror = await createGitBackend({ name, logger: silentLogger }).open(
        { url },
        join(folder, String(url.length)),
      );
      await expect(mirror.resolve('main'), url).rejects.toMatchObject({ code: 'GIT_ADDRESS_FORBIDDEN' });
      await mirror.close();
    }
  },
);

it('an LFS object is not asked for where the server says that it is at a metadata address', async () => {
  await using repository = await gitRepository();
  repository.write('large.bin', pointerTo('content'));
  await repository.commit();
  await using server = await lfsServer();
  server.storage = 'http://169.254.169.254';
  await using git = await gitHttpServer({ folder: repository.folder });
  const { withLfs } = await import('../lfs/with-lfs.ts');
  const backend = createGitBackend({ logger: silentLogger });
  const plain = await backend.open({ url: git.repositoryUrl(repository) }, folder);
  const mirror = withLfs(plain, { access: { url: `${server.url}/a.git` }, folder: join(folder, 'lfs') });
  const { commit } = await mirror.resolve('main');
  const [entry] = await mirror.readTree(await mirror.rootTree(commit));
  await expect(mirror.readBlob(entry?.oid ?? '')).rejects.toMatchObject({ code: 'GIT_ADDRESS_FORBIDDEN' });
  await mirror.close();
});

it.each([
  ['git@git.example.com:a/b.git', { host: 'git.example.com', port: undefined }],
  ['ssh://git@[fe80::1]:2222/a', { host: '[fe80::1]', port: 2222 }],
  ['https://git.example.com/a', { host: 'git.example.com', port: 443 }],
  ['file:///a', undefined],
])('the host of %s', (url, place) => {
  expect(hostOfRepository(url)).toEqual(place);
});

it('refuses hosts by any spelling of their address, and leaves unknown names to the proxy', async () => {
  for (const host of ['169.254.169.254', '[fe80::1]', '169.254.1.1']) {
    await expect(checkHost(host), host).rejects.toMatchObject({ code: 'GIT_ADDRESS_FORBIDDEN' });
  }
  expect(await checkHost('127.0.0.1')).toEqual(['127.0.0.1']);
  expect(await checkHost('no-such-host.invalid')).toEqual([]);
});
