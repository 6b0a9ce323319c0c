import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { configMap } from '../builders.ts';
import { eventually } from '../eventually.ts';
import { gitHttpServer } from './git-http-server.ts';
import { gitEnvironment, gitRepository } from './git-repository.ts';

vi.setConfig({ testTimeout: 60_000 });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-clone-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd: folder, env: gitEnvironment() });
  return stdout.trim();
}

async function oneCommit() {
  const repository = await gitRepository();
  const sha = await repository.write('app/config.yaml', configMap('one')).commit('first');
  return { repository, sha };
}

test('a repository takes text, objects and lists of objects, and commits them', async () => {
  await using repository = await gitRepository();
  repository
    .write('README', 'hello')
    .write('one.yaml', configMap('one'))
    .write('two.yaml', [configMap('a'), configMap('b')]);
  const sha = await repository.commit('first');
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  await git('clone', '-q', repository.url, 'clone');
  expect(await readFile(join(folder, 'clone/README'), 'utf8')).toBe('hello');
  expect(await readFile(join(folder, 'clone/one.yaml'), 'utf8')).toMatch(/kind: ConfigMap[\s\S]*name: one/);
  expect((await readFile(join(folder, 'clone/two.yaml'), 'utf8')).split('---\n')).toHaveLength(2);
});

test('branches, tags and removed files are as git knows them', async () => {
  await using repository = await gitRepository();
  const first = await repository.write('a', '1').write('b/c', '2').commit();
  expect(await repository.tag('v1.0.0', { message: 'release' })).toBe(first);
  await repository.branch('feature');
  const second = await repository.remove('b').commit('without b');
  await repository.branch('main');
  expect(await repository.head()).toBe(first);
  expect(await repository.git('ls-tree', '--name-only', 'feature')).toBe('a');
  const refs = await git('ls-remote', repository.url);
  expect(refs).toContain(`${second}\trefs/heads/feature`);
  expect(refs).toContain(`${first}\trefs/tags/v1.0.0^{}`);
});

test('disposing of a repository removes its folder', async () => {
  const repository = await gitRepository();
  await repository[Symbol.asyncDispose]();
  expect(existsSync(dirname(repository.folder))).toBe(false);
});

test('a command that fails throws with what git said', async () => {
  await using repository = await gitRepository();
  await expect(repository.git('checkout', 'nowhere')).rejects.toThrow(/pathspec 'nowhere' did not match/);
});

test('a repository is cloned and pushed over HTTP, and requests are counted', async () => {
  const { repository } = await oneCommit();
  await using _ = repository;
  await using server = await gitHttpServer({ folder: repository.folder });
  await git('clone', '-q', server.repositoryUrl(repository), 'clone');
  expect(server.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'GET 200',
    'POST 200',
    'POST 200',
  ]);
  await writeFile(join(folder, 'clone/large'), Buffer.alloc(3 << 20, 'x').fill(Math.random().toString()));
  await git('-C', 'clone', 'add', '-A');
  await git('-C', 'clone', 'commit', '-q', '-m', 'pushed');
  await git('-C', 'clone', 'push', '-q');
  expect(await repository.head()).toBe(await git('-C', 'clone', 'rev-parse', 'HEAD'));
});

test('several repositories in one folder are served by their names', async () => {
  await using first = await gitRepository({ folder: join(folder, 'first') });
  await using second = await gitRepository({ folder: join(folder, 'second') });
  const shas = [await first.commit('one'), await second.commit('two')];
  await using server = await gitHttpServer({ folder });
  for (const [index, repository] of [first, second].entries()) {
    expect(await git('ls-remote', server.repositoryUrl(repository), 'HEAD')).toBe(`${shas[index]}\tHEAD`);
  }
});

test('with a password only who has it gets in', async () => {
  const { repository, sha } = await oneCommit();
  await using _ = repository;
  await using server = await gitHttpServer({ folder: repository.folder, username: 'ann', password: 'pass word' });
  const url = server.repositoryUrl(repository);
  await expect(git('ls-remote', url)).rejects.toThrow(/could not read Username|Authentication failed/);
  const withLogin = url.replace('http://', 'http://ann:pass%20word@');
  expect(await git('ls-remote', withLogin, 'HEAD')).toBe(`${sha}\tHEAD`);
});

test('over TLS the certificate is of the authority that the server names', async () => {
  const { repository, sha } = await oneCommit();
  await using _ = repository;
  await using server = await gitHttpServer({ folder: repository.folder, tls: true });
  const url = server.repositoryUrl(repository);
  const authority = join(folder, 'ca.pem');
  await writeFile(authority, server.certificateAuthority ?? '');
  await expect(git('ls-remote', url)).rejects.toThrow(/certificate/i);
  expect(await git('-c', `http.sslCAInfo=${authority}`, 'ls-remote', url, 'HEAD')).toBe(`${sha}\tHEAD`);
});

test('over mutual TLS clients need the certificate that the server hands out', async () => {
  const { repository, sha } = await oneCommit();
  await using _ = repository;
  await using server = await gitHttpServer({ folder: repository.folder, tls: 'mutual' });
  const { certificateAuthority: ca, clientCertificate } = server;
  if (!ca || !clientCertificate) throw new Error('mutual TLS has both');
  const path = new URL(`${server.repositoryUrl(repository)}/info/refs?service=git-upload-pack`);
  const refs = (login: { cert?: string; key?: string }) =>
    new Promise<string>((resolve, reject) => {
      const sent = request(path, { ca, ...login, agent: false }, async (response) => {
        resolve((await response.toArray()).join(''));
      });
      sent.on('error', reject);
      sent.end();
    });
  expect(await refs({ cert: clientCertificate.certificate, key: clientCertificate.key })).toContain(sha);
  await expect(refs({})).rejects.toThrow();
});

test('a server can fail, hang and recover', async () => {
  const { repository, sha } = await oneCommit();
  await using _ = repository;
  await using server = await gitHttpServer({ folder: repository.folder });
  const url = server.repositoryUrl(repository);
  server.failWith(503);
  await expect(git('ls-remote', url)).rejects.toThrow(/503/);
  server.hang();
  const seen = server.requests.length;
  const hanging = git('ls-remote', url).catch((error: Error) => error.message);
  await eventually(() => server.requests.length > seen, { what: 'the request that hangs' });
  server.recover();
  expect(await hanging).toMatch(/Empty reply|reset|closed/i);
  expect(await git('ls-remote', url, 'HEAD')).toBe(`${sha}\tHEAD`);
});

test('a repository that is not there is a 404', async () => {
  await using server = await gitHttpServer({ folder });
  await expect(git('ls-remote', `${server.url}/nothing.git`)).rejects.toThrow(/not found/);
});
