import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitHttpServer, type GitRepository, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import type { GitBackend, Mirror, TreeEntry } from '../types.ts';

export type Transport = 'file' | 'http';

export interface ContractCase {
  backend: GitBackend['name'];
  transport: Transport;
}

const odd = ['a b.yaml', 'ümlaut-✓.yaml', 'quote\'".yaml', '-dash', 'tab\there', '#hash%25'];

/** What every backend does over every transport, described against a real repository. */
export function describeMirror({ backend, transport }: ContractCase): void {
  describe(`a mirror by the ${backend} backend over ${transport}`, { timeout: 30_000 }, () => {
    let repository: GitRepository;
    let server: GitHttpServer | undefined;
    let folder: string;
    let mirror: Mirror;

    beforeEach(async () => {
      repository = await gitRepository();
      server = transport === 'http' ? await gitHttpServer({ folder: repository.folder }) : undefined;
      folder = await mkdtemp(join(tmpdir(), 'plumbline-mirror-'));
      mirror = await open();
    });
    afterEach(async () => {
      await mirror.close();
      await server?.close();
      await repository[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    const open = (): Promise<Mirror> =>
      createGitBackend({ name: backend, logger: silentLogger }).open(
        { url: server?.repositoryUrl(repository) ?? repository.url },
        join(folder, 'mirror'),
      );
    const commit = (text: string): Promise<string> => repository.write('file.txt', text).commit(text);
    const commitOf = async (revision: string, tagPrefix?: string): Promise<string> =>
      (await mirror.resolve(revision, { tagPrefix })).commit;
    const textAt = async (commitId: string, name = 'file.txt'): Promise<string> => {
      const entries = await mirror.readTree(await mirror.rootTree(commitId));
      const entry = entries.find((candidate) => candidate.name === name);
      return Buffer.from(await mirror.readBlob(entry?.oid ?? 'absent')).toString();
    };
    const refusal = async (revision: string, tagPrefix?: string): Promise<unknown> =>
      mirror.resolve(revision, { tagPrefix }).then(
        () => 'resolved',
        (error: unknown) => error,
      );

    describe('resolves', () => {
      test('a branch, with the ref it came from', async () => {
        const head = await commit('one');
        expect(await mirror.resolve('main')).toEqual({ commit: head, ref: 'refs/heads/main' });
        expect(await textAt(head)).toBe('one');
      });

      test('a branch with a slash in its name', async () => {
        await commit('one');
        await repository.branch('feature/x');
        const head = await commit('two');
        expect(await mirror.resolve('feature/x')).toEqual({ commit: head, ref: 'refs/heads/feature/x' });
      });

      test('a lightweight and an annotated tag to their commit', async () => {
        const first = await commit('one');
        await repository.tag('light');
        await repository.tag('heavy', { message: 'annotated' });
        await commit('two');
        expect(await mirror.resolve('light')).toEqual({ commit: first, ref: 'refs/tags/light' });
        const tag = await repository.git('rev-parse', 'heavy');
        expect(await mirror.resolve('heavy')).toEqual({ commit: first, ref: 'refs/tags/heavy', tag });
        await mirror.ensureCommit(tag);
        expect((await mirror.readSigned(tag)).type).toBe('tag');
        expect((await mirror.readSigned(first)).content.toString()).toMatch(/\n\none\n$/);
        const tree = await mirror.rootTree(first);
        await expect(mirror.readSigned(tree)).rejects.toMatchObject({ code: 'GIT_OBJECT_NOT_FOUND' });
      });

      test('the branch where a tag has the same name, and the tag by its full name', async () => {
        const first = await commit('one');
        await repository.tag('both');
        const second = await commit('two');
        await repository.git('branch', 'both');
        expect(await commitOf('both')).toBe(second);
        expect(await commitOf('refs/tags/both')).toBe(first);
      });

      test("HEAD and nothing to the remote's default branch, whatever its name", async () => {
        await commit('one');
        await repository.branch('trunk');
        const head = await commit('two');
        expect(await mirror.resolve('HEAD')).toEqual({ commit: head, ref: 'refs/heads/trunk' });
        expect(await mirror.resolve('')).toEqual({ commit: head, ref: 'refs/heads/trunk' });
      });

      test('a HEAD that is on no branch', async () => {
        await commit('one');
        await repository.git('checkout', '-q', '--detach');
        const head = await commit('detached');
        expect(await mirror.resolve('')).toEqual({ commit: head });
        expect(await textAt(head)).toBe('detached');
      });

      test('a full SHA, in either case of letters', async () => {
        const first = await commit('one');
        await commit('two');
        expect(await mirror.resolve(first)).toEqual({ commit: first });
        expect(await mirror.resolve(first.toUpperCase())).toEqual({ commit: first });
      });

      test('a short SHA of a tip and of an older commit', async () => {
        const first = await commit('one');
        const second = await commit('two');
        expect(await mirror.resolve(second.slice(0, 7))).toEqual({ commit: second });
        expect(await mirror.resolve(first.slice(0, 9))).toEqual({ commit: first });
      });

      test('a SHA that no branch reaches any more, where the server gives it out', async () => {
        const lost = await commit('lost');
        await repository.git('commit', '-q', '--amend', '-m', 'instead');
        expect(await commitOf(lost)).toBe(lost);
        expect(await textAt(lost)).toBe('lost');
      });

      test('a ref that is neither branch nor tag', async () => {
        await commit('one');
        await repository.branch('topic');
        const topic = await commit('pull request');
        await repository.git('update-ref', 'refs/pull/7/head', topic);
        await repository.branch('main');
        await repository.git('branch', '-D', 'topic');
        expect(await mirror.resolve('refs/pull/7/head')).toEqual({ commit: topic, ref: 'refs/pull/7/head' });
        expect(await commitOf('pull/7/head')).toBe(topic);
        expect(await textAt(topic)).toBe('pull request');
      });

      test('a semver constraint to the highest tag, annotated or not', async () => {
        const ids = new Map<string, string>();
        for (const [index, tag] of ['v1.0.0', 'v2.0.0', 'v1.2.9', 'v1.10.0', 'v3.0.0-rc.1', 'other'].entries()) {
          ids.set(tag, await commit(tag));
          await repository.tag(tag, index % 2 ? { message: tag } : {});
        }
        const resolved = { commit: ids.get('v1.10.0'), ref: 'refs/tags/v1.10.0' };
        expect(await mirror.resolve('1.x')).toMatchObject(resolved);
        expect(await commitOf('~1.2.0')).toBe(ids.get('v1.2.9'));
        expect(await commitOf('*')).toBe(ids.get('v2.0.0'));
        expect(await commitOf('>=3.0.0-0')).toBe(ids.get('v3.0.0-rc.1'));
      });

      test('a constraint among the tags with a prefix', async () => {
        const wanted = await commit('web');
        await repository.tag('web-1.4.0');
        await commit('others');
        await repository.tag('web-1.0.0');
        await repository.tag('api-1.9.0');
        await repository.tag('1.9.9');
        expect(await commitOf('1.*', 'web-')).toBe(wanted);
      });
    });

    describe('refuses', () => {
      test('an unknown revision, naming it, the repository and what looks like it', async () => {
        await commit('one');
        await repository.git('branch', 'release-1');
        expect(await refusal('relaese-1')).toMatchObject({
          code: 'GIT_REVISION_NOT_FOUND',
          message: expect.stringMatching(/'relaese-1'.*repository.*'release-1'/),
        });
      });

      test('a SHA that does not exist', async () => {
        await commit('one');
        expect(await refusal('0123456789012345678901234567890123456789')).toMatchObject({
          code: 'GIT_REVISION_NOT_FOUND',
          message: expect.stringContaining('0123456789012345678901234567890123456789'),
        });
        expect(await refusal('0123456')).toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
      });

      test('the SHA of something that is no commit', async () => {
        const head = await commit('one');
        const tree = await repository.git('rev-parse', `${head}^{tree}`);
        await commitOf('main');
        expect(await refusal(tree)).toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
      });

      test('a constraint that no tag satisfies', async () => {
        await commit('one');
        await repository.tag('1.0.0');
        expect(await refusal('^9.0.0')).toMatchObject({
          code: 'GIT_REVISION_NOT_FOUND',
          message: expect.stringContaining('^9.0.0'),
        });
      });

      test('everything of an empty repository, saying that it is empty', async () => {
        for (const revision of ['', 'main']) {
          expect(await refusal(revision)).toMatchObject({
            code: 'GIT_REVISION_NOT_FOUND',
            message: expect.stringContaining('empty'),
          });
        }
      });

      test('an abort with its reason, without harm to others', async () => {
        const head = await commit('one');
        const reason = new Error('enough');
        const aborted = mirror.resolve('main', { signal: AbortSignal.abort(reason) });
        const other = commitOf('main');
        await expect(aborted).rejects.toBe(reason);
        expect(await other).toBe(head);
      });
    });

    describe('follows the remote', () => {
      test('to a new commit at the next resolve', async () => {
        const seen: string[] = [];
        const made: string[] = [];
        for (const text of ['one', 'two', 'three']) {
          made.push(await commit(text));
          seen.push(await commitOf('main'));
          expect(await textAt(seen.at(-1) ?? '')).toBe(text);
        }
        expect(seen).toEqual(made);
      });

      test('through a forced push, and keeps the old commit readable', async () => {
        await commit('one');
        const old = await commit('two');
        await commitOf('main');
        await repository.git('reset', '-q', '--hard', 'HEAD~1');
        const fresh = await commit('two, rewritten');
        expect(await commitOf('main')).toBe(fresh);
        expect(await textAt(fresh)).toBe('two, rewritten');
        expect(await textAt(old)).toBe('two');
      });

      test('when a branch is deleted, also for a branch below its name', async () => {
        await commit('one');
        await repository.git('branch', 'gone');
        await commitOf('gone');
        await repository.git('branch', '-D', 'gone');
        expect(await refusal('gone')).toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
        await repository.branch('gone/below');
        const head = await commit('below');
        expect(await commitOf('gone/below')).toBe(head);
      });

      test('when a tag moves', async () => {
        await commit('one');
        await repository.tag('stable');
        await commitOf('stable');
        const second = await commit('two');
        await repository.tag('stable', { force: true });
        expect(await commitOf('stable')).toBe(second);
        expect(await textAt(second)).toBe('two');
      });

      test('after it has packed its objects anew', async () => {
        const first = await commit('one');
        await commitOf('main');
        await commit('two');
        await repository.git('gc', '-q', '--prune=now');
        const head = await commitOf('main');
        expect([await textAt(first), await textAt(head)]).toEqual(['one', 'two']);
      });

      test('with all its refs, tags peeled', async () => {
        const head = await commit('one');
        await repository.tag('heavy', { message: 'annotated' });
        await repository.git('pack-refs', '--all');
        await repository.git('branch', 'other');
        expect(await mirror.listRefs()).toEqual(
          new Map([
            ['refs/heads/main', head],
            ['refs/heads/other', head],
            ['refs/tags/heavy', head],
          ]),
        );
      });
    });

    describe('reads', () => {
      const treeAt = async (revision: string): Promise<readonly TreeEntry[]> =>
        mirror.readTree(await mirror.rootTree(await commitOf(revision)));

      test('kinds of entries: folder, file, executable, symlink, submodule', async () => {
        repository.write('folder/inner', 'x').write('plain', 'p').write('run.sh', '#!/bin/sh');
        await symlink('plain', join(repository.folder, 'link'));
        await repository.git('add', '-A');
        await repository.git('update-index', '--chmod=+x', 'run.sh');
        const submodule = '1234567890123456789012345678901234567890';
        await repository.git('update-index', '--add', '--cacheinfo', `160000,${submodule},sub`);
        await repository.git('commit', '-q', '-m', 'kinds');
        const entries = await treeAt('main');
        expect(entries.map(({ name, kind, executable }) => [name, kind, executable])).toEqual([
          ['folder', 'tree', false],
          ['link', 'symlink', false],
          ['plain', 'blob', false],
          ['run.sh', 'blob', true],
          ['sub', 'submodule', false],
        ]);
        expect(entries.at(-1)?.oid).toBe(submodule);
        expect(Buffer.from(await mirror.readBlob(entries[1]?.oid ?? '')).toString()).toBe('plain');
      });

      test('entries sorted by name, also where a folder and a file begin alike', async () => {
        await repository.write('a/x', '1').write('a.b', '2').write('a-b', '3').commit();
        expect((await treeAt('main')).map(({ name }) => name)).toEqual(['a', 'a-b', 'a.b']);
      });

      test('odd file names', async () => {
        for (const name of odd) repository.write(name, name);
        const head = await repository.commit();
        await commitOf('main');
        for (const name of odd) expect(await textAt(head, name)).toBe(name);
      });

      test('a blob of 5 MB with every byte in it, among other reads', async () => {
        const big = Buffer.alloc(5_000_000, Buffer.from(Array.from({ length: 251 }, (_, index) => index)));
        await repository.write('big', big).write('empty', '').write('small', 'small\n').commit();
        const oids = (await treeAt('main')).map(({ oid }) => oid);
        const contents = await Promise.all([...oids, ...oids].map((oid) => mirror.readBlob(oid)));
        expect(contents.map(({ byteLength }) => byteLength)).toEqual([5_000_000, 0, 6, 5_000_000, 0, 6]);
        expect(Buffer.compare(Buffer.from(contents[3] ?? []), big)).toBe(0);
        expect(await Promise.all(oids.map((oid) => mirror.blobSize(oid)))).toEqual([5_000_000, 0, 6]);
      });

      test('many objects at once', async () => {
        for (let index = 0; index < 300; index++)
          repository.write(`dir-${index % 20}/file-${index}`, `content ${index}`);
        await repository.commit();
        const folders = await treeAt('main');
        const files = (await Promise.all(folders.map(({ oid }) => mirror.readTree(oid)))).flat();
        const texts = await Promise.all(
          files.map(async ({ oid }) => Buffer.from(await mirror.readBlob(oid)).toString()),
        );
        expect(new Set(texts).size).toBe(300);
        for (const [index, file] of files.entries()) expect(texts[index]).toBe(file.name.replace('file-', 'content '));
      });

      test("a commit's author, date, message, root tree and tags", async () => {
        repository.write('file.txt', 'x');
        await repository.git('add', '-A');
        const message = 'Say it – für alle\n\nand why\n';
        await repository.git(
          'commit',
          '-q',
          '-m',
          message,
          '--author',
          'Ann Ön <ann@x.org>',
          '--date',
          '2024-05-06T07:08:09+02:00',
        );
        const head = await repository.head();
        await repository.tag('v2');
        await repository.tag('v1', { message: 'annotated' });
        await commitOf('main');
        expect(await mirror.commitInfo(head)).toEqual({
          commit: head,
          tree: await repository.git('rev-parse', 'HEAD^{tree}'),
          author: 'Ann Ön <ann@x.org>',
          date: '2024-05-06T05:08:09Z',
          message,
          tags: ['v1', 'v2'],
        });
      });

      test('nothing for an unknown id or one of another type', async () => {
        const head = await commit('one');
        const [entry] = await treeAt('main');
        const unknown = 'a'.repeat(40);
        const notFound = { code: 'GIT_OBJECT_NOT_FOUND' };
        await expect(mirror.readBlob(unknown)).rejects.toMatchObject(notFound);
        await expect(mirror.blobSize(unknown)).rejects.toMatchObject(notFound);
        await expect(mirror.readTree(entry?.oid ?? '')).rejects.toMatchObject(notFound);
        await expect(mirror.rootTree(entry?.oid ?? '')).rejects.toMatchObject(notFound);
        await expect(mirror.readBlob(head)).rejects.toMatchObject(notFound);
        await expect(mirror.readBlob('HEAD:file.txt\ninfo x')).rejects.toMatchObject(notFound);
        expect(await textAt(head)).toBe('one');
      });
    });

    test('ensureCommit brings a commit once and needs no remote for it again', async () => {
      const head = await commit('one');
      await mirror.ensureCommit(head);
      server?.failWith(500);
      await mirror.ensureCommit(head);
      expect(await textAt(head)).toBe('one');
      server?.recover();
      await expect(mirror.ensureCommit('main')).rejects.toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
    });

    test('is found again by the next process', async () => {
      const head = await commit('one');
      await commitOf('main');
      await mirror.close();
      mirror = await open();
      expect(await commitOf('main')).toBe(head);
      expect(await textAt(head)).toBe('one');
    });

    test('answers nothing once it is closed', async () => {
      const head = await commit('one');
      await commitOf('main');
      await mirror.close();
      await expect(mirror.resolve('main')).rejects.toMatchObject({ code: 'GIT_MIRROR_CLOSED' });
      await expect(mirror.rootTree(head)).rejects.toMatchObject({ code: 'GIT_MIRROR_CLOSED' });
    });
  });
}
