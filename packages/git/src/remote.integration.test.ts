import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import {
  eventually,
  type GitHttpServerOptions,
  type GitRepository,
  gitHttpServer,
  gitRepository,
} from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend, type GitBackendOptions } from './create-git-backend.ts';
import { frontServer, redirectServer } from './test-support/servers-between.ts';
import type { Mirror, RepositoryAccess } from './types.ts';

const password = 's3cret-word';

for (const name of ['native', 'isomorphic'] as const) {
  describe(`remotes of the ${name} backend`, { timeout: 30_000 }, () => {
    let repository: GitRepository;
    let folder: string;
    let head: string;
    const closing: (() => unknown)[] = [];

    beforeEach(async () => {
      repository = await gitRepository();
      head = await repository.write('a.yaml', 'a: 1\n').commit();
      folder = await mkdtemp(join(tmpdir(), 'plumbline-remote-'));
    });
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
      await repository[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    const open = async (access: RepositoryAccess, options: Partial<GitBackendOptions> = {}): Promise<Mirror> => {
      const backend = createGitBackend({ name, logger: silentLogger, ...options });
      const mirror = await backend.open(access, join(folder, String(closing.length)));
      closing.push(() => mirror.close());
      return mirror;
    };
    const serve = async (options: Omit<GitHttpServerOptions, 'folder'> = {}) => {
      const server = await gitHttpServer({ folder: repository.folder, ...options });
      closing.push(() => server.close());
      return { server, url: server.repositoryUrl(repository) };
    };
    const failure = async (mirror: Mirror, revision = 'main'): Promise<Error & { code?: string; retry?: string }> => {
      const error = await mirror.resolve(revision).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof Error)) throw new Error('it resolved');
      return error;
    };

    test('user and password open a protected repository, also when they are written in the URL', async () => {
      const { url } = await serve({ username: 'reader', password });
      const mirror = await open({ url, username: 'reader', password });
      expect((await mirror.resolve('main')).commit).toBe(head);
      const inUrl = await open({ url: url.replace('http://', `http://reader:${password}@`) });
      expect(inUrl.url).not.toContain(password);
      expect((await inUrl.resolve('main')).commit).toBe(head);
    });

    test('a bearer token is sent as such', async () => {
      const seen: (string | undefined)[] = [];
      const server = createServer((request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(403).end();
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      closing.push(() => server.close());
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
      const error = await failure(await open({ url, bearerToken: 'tok-123' }));
      expect(error).toMatchObject({ code: 'GIT_AUTHENTICATION', message: expect.not.stringContaining('tok-123') });
      expect(seen[0]).toBe('Bearer tok-123');
    });

    test.each([
      ['none', {}],
      ['a wrong password', { username: 'reader', password: 'wr0ng-word' }],
    ])(
      'credentials that the server refuses (%s) are GIT_AUTHENTICATION, and no message holds them',
      async (_, access) => {
        const { url } = await serve({ username: 'reader', password });
        const error = await failure(await open({ url, ...access }));
        expect(error).toMatchObject({ code: 'GIT_AUTHENTICATION', retry: 'terminal' });
        expect(JSON.stringify([error.message, error, error.stack])).not.toMatch(/wr0ng-word|cmVhZGVy/);
      },
    );

    test('a mirror with refused credentials does not serve what another one brought', async () => {
      const { url } = await serve({ username: 'reader', password });
      const backend = createGitBackend({ name, logger: silentLogger });
      const shared = join(folder, 'shared');
      const good = await backend.open({ url, username: 'reader', password }, shared);
      const bad = await backend.open({ url, username: 'reader', password: 'wrong' }, shared);
      closing.push(
        () => good.close(),
        () => bad.close(),
      );
      await good.resolve('main');
      await expect(bad.ensureCommit(head)).rejects.toMatchObject({ code: 'GIT_AUTHENTICATION' });
      await good.ensureCommit(head);
    });

    test('https needs a trusted authority, or insecure', async () => {
      const { server, url } = await serve({ tls: true });
      expect(await failure(await open({ url }))).toMatchObject({
        code: 'GIT_UNREACHABLE',
        message: expect.stringMatching(/certificate/i),
      });
      const trusting = await open({ url, certificateAuthority: server.certificateAuthority });
      expect((await trusting.resolve('main')).commit).toBe(head);
      const insecure = await open({ url, insecure: true });
      expect((await insecure.resolve('main')).commit).toBe(head);
    });

    test('a client certificate is shown', async () => {
      const { server, url } = await serve({ tls: 'mutual' });
      const { certificate, key } = server.clientCertificate ?? { certificate: '', key: '' };
      const access = { url, certificateAuthority: server.certificateAuthority };
      expect(await failure(await open(access))).toMatchObject({ code: 'GIT_UNREACHABLE' });
      const mirror = await open({ ...access, tlsClientCert: certificate, tlsClientKey: key });
      expect((await mirror.resolve('main')).commit).toBe(head);
    });

    test('a redirect is followed', async () => {
      const { server, url } = await serve();
      const front = await redirectServer(() => server.url);
      closing.push(() => front.server.close());
      const mirror = await open({ url: front.url + new URL(url).pathname });
      expect((await mirror.resolve('main')).commit).toBe(head);
    });

    test('credentials never follow a redirect to another server, not even with the requests after the first', async () => {
      const { server, url } = await serve();
      const thief = await frontServer(() => server.url);
      const front = await redirectServer(() => thief.url);
      closing.push(
        () => thief.server.close(),
        () => front.server.close(),
      );
      const mirror = await open({ url: front.url + new URL(url).pathname, username: 'reader', password });
      expect((await mirror.resolve('main')).commit).toBe(head);
      expect(front.seen.join()).toContain('Basic');
      expect(thief.seen.map(({ method }) => method)).toContain('POST');
      expect(thief.seen.filter(({ authorization }) => authorization !== '')).toEqual([]);
    });

    test('who asks while an old answer is still on its way gets a newer one', async () => {
      const { server, url } = await serve();
      const front = await frontServer(() => server.url);
      closing.push(() => front.server.close());
      const mirror = await open({ url: front.url + new URL(url).pathname });
      await mirror.resolve('main');
      const release = front.hold();
      const early = mirror.resolve('main');
      await eventually(() => front.held() > 0, { what: 'the old answer to be given' });
      const next = await repository.write('a.yaml', 'a: 2\n').commit();
      const late = mirror.resolve('main');
      release();
      await early;
      expect((await late).commit).toBe(next);
    });

    test('a proxy is used', async () => {
      const asked: string[] = [];
      const proxy = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.writeHead(502).end();
      });
      await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
      closing.push(() => proxy.close());
      const url = 'http://git.example.org/x.git';
      const mirror = await open({ url, proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
      expect(await failure(mirror)).toMatchObject({ code: 'GIT_UNREACHABLE' });
      expect(asked[0]).toContain('git.example.org/x.git');
    });

    test('a proxy is not used for what noProxy names', async () => {
      const { url } = await serve();
      const proxy = 'http://127.0.0.1:9';
      const mirror = await open({ url, proxy, noProxy: 'other.example.org,127.0.0.1' });
      expect((await mirror.resolve('main')).commit).toBe(head);
    });

    test.each([
      ['over http', 'GIT_REPOSITORY_NOT_FOUND'],
      ['on disk', 'GIT_REPOSITORY_NOT_FOUND'],
    ])('a repository that is not there %s', async (where, code) => {
      const { server } = await serve();
      const url = where === 'on disk' ? `file://${folder}/nowhere` : `${server.url}/nowhere.git`;
      expect(await failure(await open({ url }))).toMatchObject({ code, message: expect.stringContaining('nowhere') });
    });

    test('a closed port is GIT_UNREACHABLE at once', async () => {
      const error = await failure(await open({ url: 'http://127.0.0.1:9/x.git' }));
      expect(error).toMatchObject({ code: 'GIT_UNREACHABLE', retry: 'transient' });
    });

    test('a server that hangs fails in bounded time, holds up no other repository, and is asked again', async () => {
      const { server, url } = await serve();
      const mirror = await open({ url }, { lookTimeoutMs: 1500 });
      server.hang();
      const began = performance.now();
      const hanging = failure(mirror);
      const other = await open({ url: repository.url });
      expect((await other.resolve('main')).commit).toBe(head);
      expect(performance.now() - began).toBeLessThan(1500);
      expect(await hanging).toMatchObject({
        code: 'GIT_UNREACHABLE',
        message: expect.stringContaining('within 1.5 s'),
      });
      expect(performance.now() - began).toBeLessThan(6000);
      server.recover();
      expect((await mirror.resolve('main')).commit).toBe(head);
    });

    test('closing ends what is under way', async () => {
      const { server, url } = await serve();
      const mirror = await open({ url });
      server.hang();
      const pending = failure(mirror);
      await mirror.close();
      expect(await pending).toMatchObject({ code: 'GIT_MIRROR_CLOSED' });
    });

    test('fifty simultaneous resolves share two looks and one fetch', async () => {
      const { server, url } = await serve();
      const metrics = createMetrics({ processMetrics: false });
      const mirror = await open({ url }, { metrics });
      const answers = await Promise.all(Array.from({ length: 50 }, () => mirror.resolve('main')));
      expect(new Set(answers.map(({ commit }) => commit))).toEqual(new Set([head]));
      const text = await metrics.text();
      const count = (type: string): number =>
        Number(new RegExp(`argocd_git_request_total\\{repo="${url}",request_type="${type}"\\} (\\d+)`).exec(text)?.[1]);
      expect(count('ls-remote')).toBeLessThanOrEqual(2);
      expect(count('fetch')).toBeLessThanOrEqual(2);
      expect(server.requests.length).toBeLessThan(12);
      expect(text).toContain('argocd_git_request_duration_seconds_count');
    });

    test('failed looks are counted by repository and revision', async () => {
      const metrics = createMetrics({ processMetrics: false });
      const url = 'http://127.0.0.1:9/x.git';
      await failure(await open({ url }, { metrics }), 'v7');
      expect(await metrics.text()).toContain(`argocd_git_lsremote_fail_total{repo="${url}",revision="v7"} 1`);
    });

    test('protocols that it does not speak are refused by name', async () => {
      if (name === 'isomorphic') {
        await expect(open({ url: 'git@example.org:team/x.git' })).rejects.toMatchObject({
          code: 'GIT_PROTOCOL_UNSUPPORTED',
        });
      }
      await expect(open({ url: 'ext::sh -c id' })).rejects.toMatchObject({ code: 'GIT_URL_INVALID' });
      await expect(open({ url: '--upload-pack=id' })).rejects.toMatchObject({ code: 'GIT_URL_INVALID' });
    });
  });
}
