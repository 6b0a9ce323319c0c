import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGitBackend } from './create-git-backend.ts';
import { createMirrors, type Mirrors } from './create-mirrors.ts';
import { repositoryDigest } from './repository-url.ts';

let repository: GitRepository;
let folder: string;
let mirrors: Mirrors;

beforeEach(async () => {
  repository = await gitRepository();
  await repository.write('a', 'a').commit();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-mirrors-'));
  mirrors = createMirrors({ backend: createGitBackend({ logger: silentLogger }), folder, logger: silentLogger });
});
afterEach(async () => {
  await mirrors.close();
  await repository[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('simultaneous callers share one mirror, however they spell the URL', async () => {
  const found = await Promise.all(
    [repository.url, `${repository.url}/`, repository.url].map((url) => mirrors.get({ url })),
  );
  expect(new Set(found).size).toBe(1);
  expect(await readdir(folder)).toHaveLength(1);
});

test('other credentials get another mirror over the same folder, and both work at once', async () => {
  await using server = await gitHttpServer({ folder: repository.folder });
  const url = server.repositoryUrl(repository);
  const found = await Promise.all(
    ['one', 'two', 'three'].map((password) => mirrors.get({ url, username: 'u', password })),
  );
  expect(new Set(found).size).toBe(3);
  expect(await readdir(folder)).toHaveLength(1);
  const commits = await Promise.all(found.map((mirror) => mirror.resolve('main')));
  expect(new Set(commits.map(({ commit }) => commit)).size).toBe(1);
});

test('nothing is opened once the pool is closed', async () => {
  const mirror = await mirrors.get({ url: repository.url });
  await mirrors.close();
  await expect(mirrors.get({ url: repository.url })).rejects.toMatchObject({ code: 'GIT_MIRROR_CLOSED' });
  await expect(mirror.resolve('main')).rejects.toMatchObject({ code: 'GIT_MIRROR_CLOSED' });
});

test('a repository that could not be opened is tried again', async () => {
  const blocked = join(folder, repositoryDigest(repository.url));
  await writeFile(blocked, 'a file where the mirror should be');
  await expect(mirrors.get({ url: repository.url })).rejects.toThrow();
  await rm(blocked);
  await expect((await mirrors.get({ url: repository.url })).resolve('main')).resolves.toMatchObject({
    ref: 'refs/heads/main',
  });
});
