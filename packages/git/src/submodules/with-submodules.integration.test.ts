import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitHttpServer, type GitRepository, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import { createMirrors, type Mirrors } from '../create-mirrors.ts';
import type { Mirror, RepositoryAccess } from '../types.ts';
import { withSubmodules } from './with-submodules.ts';

const access = { username: 'reader', password: 's3cret-word' };

describe('a repository with submodules', { timeout: 60_000 }, () => {
  let folder: string;
  let mirrors: Mirrors;
  let server: GitHttpServer;
  let inner: GitRepository;
  let outer: GitRepository;
  let opened: string[];

  const repository = (name: string) => gitRepository({ folder: join(folder, 'repositories', name) });
  const url = (name: string) => `${server.url}/${name}/.git`;
  const get = (at: string) => mirrors.get({ url: at, ...access } satisfies RepositoryAccess);

  /** Declares the submodule and records the commit, without a work tree for it. */
  const addSubmodule = async (into: GitRepository, path: string, { to, commit }: { to: string; commit: string }) => {
    await into.git('config', '-f', '.gitmodules', `submodule.${path}.path`, path);
    await into.git('config', '-f', '.gitmodules', `submodule.${path}.url`, to);
    await into.git('add', '-A');
    await into.git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
    await into.git('commit', '-q', '-m', 'submodule');
    return into.head();
  };
  const open = async (): Promise<Mirror> =>
    withSubmodules(await get(url('outer')), {
      open: (at) => {
        opened.push(at);
        return get(at);
      },
    });
  const read = async (mirror: Mirror, commit: string, path: string): Promise<string> => {
    let oid = await mirror.rootTree(commit);
    const parts = path.split('/');
    for (const part of parts) {
      const entry = (await mirror.readTree(oid)).find(({ name }) => name === part);
      if (!entry) throw new Error(`nothing at ${part} of ${path}`);
      oid = entry.oid;
    }
    expect(await mirror.blobSize(oid)).toBeGreaterThan(0);
    return Buffer.from(await mirror.readBlob(oid)).toString();
  };

  beforeEach(async () => {
    opened = [];
    folder = await mkdtemp(join(tmpdir(), 'plumbline-submodules-'));
    inner = await repository('inner');
    outer = await repository('outer');
    server = await gitHttpServer({ folder: dirname(inner.folder), ...access });
    const backend = createGitBackend({ name: 'native', logger: silentLogger });
    mirrors = createMirrors({ backend, folder: join(folder, 'mirrors'), logger: silentLogger });
  });
  afterEach(async () => {
    await mirrors.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows their files at the recorded commits, also where one holds another', async () => {
    const deepest = await repository('deepest');
    const deep = await deepest.write('x/deep.yaml', 'deep').commit();
    await inner.write('a.yaml', 'old').commit();
    const commit = await addSubmodule(inner, 'more/deep', { to: '../../deepest/.git', commit: deep });
    await inner.write('a.yaml', 'new').commit();
    const head = await addSubmodule(outer, 'libs/sub', { to: '../../inner/.git', commit });
    const mirror = await open();
    await mirror.ensureCommit(head);
    expect(await read(mirror, head, 'libs/sub/a.yaml')).toBe('old');
    expect(await read(mirror, head, 'libs/sub/more/deep/x/deep.yaml')).toBe('deep');
  });

  test('fetches none of them before something in it is read', async () => {
    const commit = await inner.write('a.yaml', 'a').commit();
    outer.write('own.yaml', 'own');
    const head = await addSubmodule(outer, 'sub', { to: url('inner'), commit });
    const mirror = await open();
    await mirror.ensureCommit(head);
    expect(await read(mirror, head, 'own.yaml')).toBe('own');
    expect(opened).toEqual([]);
    await read(mirror, head, 'sub/a.yaml');
    expect(opened).toEqual([url('inner')]);
  });

  test('has other ids where a submodule moved, and the same where it did not', async () => {
    const first = await inner.write('a.yaml', 'a').commit();
    const second = await inner.write('a.yaml', 'b').commit();
    const commits = [
      await addSubmodule(outer, 'sub', { to: url('inner'), commit: first }),
      await addSubmodule(outer, 'sub', { to: url('inner'), commit: second }),
      await addSubmodule(outer, 'sub', { to: url('inner'), commit: first }),
    ];
    const mirror = await open();
    for (const commit of commits) await mirror.ensureCommit(commit);
    const roots = await Promise.all(commits.map((commit) => mirror.rootTree(commit)));
    expect(roots[0]).not.toBe(roots[1]);
    expect(roots[0]).toBe(roots[2]);
    expect(await (await open()).rootTree(commits[0] ?? '')).toBe(roots[0]);
  });

  test('names the submodule that is not there', async () => {
    const head = await addSubmodule(outer, 'libs/sub', { to: '../../gone/.git', commit: '1'.repeat(40) });
    const mirror = await open();
    await mirror.ensureCommit(head);
    await expect(read(mirror, head, 'libs/sub/a.yaml')).rejects.toMatchObject({
      message: expect.stringMatching(/submodule "libs\/sub" of .*\/outer\/\.git at 1{12}: .*gone/),
    });
  });

  test.each(['../../escape', '/etc', 'a/../../b', '.git/hooks'])('with the path %s is refused', async (path) => {
    const file = '[submodule "s"]\n';
    outer.write('.gitmodules', `${file}\tpath = ${path}\n\turl = ../inner\n`);
    const head = await outer.commit();
    const mirror = await open();
    await mirror.ensureCommit(head);
    await expect(mirror.rootTree(head)).rejects.toMatchObject({
      code: 'GIT_SUBMODULE_REFUSED',
      message: expect.stringContaining(path),
    });
  });
});
