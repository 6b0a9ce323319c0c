import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitHttpServer, type GitRepository, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import { createMirrors, type Mirrors } from '../create-mirrors.ts';

describe('a repository of which a few commits are wanted', { timeout: 60_000 }, () => {
  let repository: GitRepository;
  let server: GitHttpServer;
  let folder: string;
  let mirrors: Mirrors;
  let commits: string[];

  beforeEach(async () => {
    repository = await gitRepository();
    commits = [];
    for (const content of ['1', '2', '3', '4']) commits.push(await repository.write('a', content).commit());
    server = await gitHttpServer({ folder: repository.folder });
    folder = await mkdtemp(join(tmpdir(), 'plumbline-shallow-'));
    const backend = createGitBackend({ name: 'native', logger: silentLogger });
    mirrors = createMirrors({ backend, folder, logger: silentLogger });
  });
  afterEach(async () => {
    await mirrors.close();
    await server[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const get = (depth?: number) =>
    mirrors.get({ url: server.repositoryUrl(repository), ...(depth === undefined ? {} : { depth }) });
  const kept = async (): Promise<number> => {
    const [name = ''] = (await readdir(folder)).filter((entry) => entry.includes('depth'));
    const git = ['--git-dir', join(folder, name, 'mirror.git'), 'rev-list', '--count', 'main'];
    return Number(execFileSync('git', git).toString());
  };
  const content = async (mirror: Awaited<ReturnType<typeof get>>, commit: string) => {
    const [entry] = await mirror.readTree(await mirror.rootTree(commit));
    return Buffer.from(await mirror.readBlob(entry?.oid ?? '')).toString();
  };

  test('brings no more than these, now and later', async () => {
    const mirror = await get(2);
    expect((await mirror.resolve('main')).commit).toBe(commits[3]);
    expect(await kept()).toBe(2);
    const fifth = await repository.write('a', '5').commit();
    expect((await mirror.resolve('main')).commit).toBe(fifth);
    expect(await content(mirror, fifth)).toBe('5');
    expect(await kept()).toBe(2);
  });

  test('brings an older commit when it is asked for', async () => {
    const mirror = await get(1);
    await mirror.resolve('main');
    const [first = ''] = commits;
    await mirror.ensureCommit(first);
    expect(await content(mirror, first)).toBe('1');
  });

  test('leaves the mirror of the whole history whole', async () => {
    await (await get(1)).resolve('main');
    const whole = await get();
    await whole.resolve('main');
    expect(await whole.commitInfo(commits[0] ?? '')).toMatchObject({ commit: commits[0] });
    expect(await readdir(folder)).toHaveLength(2);
  });
});
