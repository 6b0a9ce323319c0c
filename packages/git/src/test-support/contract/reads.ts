import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TreeEntry } from '../../types.ts';
import type { MirrorRig } from './rig.ts';

const odd = ['a b.yaml', 'ümlaut-✓.yaml', 'quote\'".yaml', '-dash', 'tab\there', '#hash%25'];

/** What is read of commits, folders and files. */
export function describeReads(rig: MirrorRig): void {
  describe('reads', () => {
    const treeAt = async (revision: string): Promise<readonly TreeEntry[]> =>
      rig.mirror.readTree(await rig.mirror.rootTree(await rig.commitOf(revision)));

    test('kinds of entries: folder, file, executable, symlink, submodule', async () => {
      rig.repository.write('folder/inner', 'x').write('plain', 'p').write('run.sh', '#!/bin/sh');
      await symlink('plain', join(rig.repository.folder, 'link'));
      await rig.repository.git('add', '-A');
      await rig.repository.git('update-index', '--chmod=+x', 'run.sh');
      const submodule = '1234567890123456789012345678901234567890';
      await rig.repository.git('update-index', '--add', '--cacheinfo', `160000,${submodule},sub`);
      await rig.repository.git('commit', '-q', '-m', 'kinds');
      const entries = await treeAt('main');
      expect(entries.map(({ name, kind, executable }) => [name, kind, executable])).toEqual([
        ['folder', 'tree', false],
        ['link', 'symlink', false],
        ['plain', 'blob', false],
        ['run.sh', 'blob', true],
        ['sub', 'submodule', false],
      ]);
      expect(entries.at(-1)?.oid).toBe(submodule);
      expect(Buffer.from(await rig.mirror.readBlob(entries[1]?.oid ?? '')).toString()).toBe('plain');
    });

    test('entries sorted by name, also where a folder and a file begin alike', async () => {
      await rig.repository.write('a/x', '1').write('a.b', '2').write('a-b', '3').commit();
      expect((await treeAt('main')).map(({ name }) => name)).toEqual(['a', 'a-b', 'a.b']);
    });

    test('odd file names', async () => {
      for (const name of odd) rig.repository.write(name, name);
      const head = await rig.repository.commit();
      await rig.commitOf('main');
      for (const name of odd) expect(await rig.textAt(head, name)).toBe(name);
    });

    test('a blob of 5 MB with every byte in it, among other reads', async () => {
      const big = Buffer.alloc(5_000_000, Buffer.from(Array.from({ length: 251 }, (_, index) => index)));
      await rig.repository.write('big', big).write('empty', '').write('small', 'small\n').commit();
      const oids = (await treeAt('main')).map(({ oid }) => oid);
      const contents = await Promise.all([...oids, ...oids].map((oid) => rig.mirror.readBlob(oid)));
      expect(contents.map(({ byteLength }) => byteLength)).toEqual([5_000_000, 0, 6, 5_000_000, 0, 6]);
      expect(Buffer.compare(Buffer.from(contents[3] ?? []), big)).toBe(0);
      expect(await Promise.all(oids.map((oid) => rig.mirror.blobSize(oid)))).toEqual([5_000_000, 0, 6]);
    });

    test('many objects at once', async () => {
      for (let index = 0; index < 300; index++)
        rig.repository.write(`dir-${index % 20}/file-${index}`, `content ${index}`);
      await rig.repository.commit();
      const folders = await treeAt('main');
      const files = (await Promise.all(folders.map(({ oid }) => rig.mirror.readTree(oid)))).flat();
      const texts = await Promise.all(
        files.map(async ({ oid }) => Buffer.from(await rig.mirror.readBlob(oid)).toString()),
      );
      expect(new Set(texts).size).toBe(300);
      for (const [index, file] of files.entries()) expect(texts[index]).toBe(file.name.replace('file-', 'content '));
    });

    test("a commit's author, date, message, root tree and tags", async () => {
      rig.repository.write('file.txt', 'x');
      await rig.repository.git('add', '-A');
      const message = 'Say it – für alle\n\nand why\n';
      await rig.repository.git(
        'commit',
        '-q',
        '-m',
        message,
        '--author',
        'Ann Ön <ann@x.org>',
        '--date',
        '2024-05-06T07:08:09+02:00',
      );
      const head = await rig.repository.head();
      await rig.repository.tag('v2');
      await rig.repository.tag('v1', { message: 'annotated' });
      await rig.commitOf('main');
      expect(await rig.mirror.commitInfo(head)).toEqual({
        commit: head,
        tree: await rig.repository.git('rev-parse', 'HEAD^{tree}'),
        author: 'Ann Ön <ann@x.org>',
        date: '2024-05-06T05:08:09Z',
        message,
        tags: ['v1', 'v2'],
      });
    });

    test('nothing for an unknown id or one of another type', async () => {
      const head = await rig.commit('one');
      const [entry] = await treeAt('main');
      const unknown = 'a'.repeat(40);
      const notFound = { code: 'GIT_OBJECT_NOT_FOUND' };
      await expect(rig.mirror.readBlob(unknown)).rejects.toMatchObject(notFound);
      await expect(rig.mirror.blobSize(unknown)).rejects.toMatchObject(notFound);
      await expect(rig.mirror.readTree(entry?.oid ?? '')).rejects.toMatchObject(notFound);
      await expect(rig.mirror.rootTree(entry?.oid ?? '')).rejects.toMatchObject(notFound);
      await expect(rig.mirror.readBlob(head)).rejects.toMatchObject(notFound);
      await expect(rig.mirror.readBlob('HEAD:file.txt\ninfo x')).rejects.toMatchObject(notFound);
      expect(await rig.textAt(head)).toBe('one');
    });
  });
}
