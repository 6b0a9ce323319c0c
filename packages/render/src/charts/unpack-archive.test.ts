import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf } from '../test-support/archive.ts';
import { readArchive } from './archive-reader.ts';
import { unpackArchive } from './unpack-archive.ts';

const chart = { name: 'chart thing', strip: true, limits: { files: 1_000, bytes: 4_000_000 } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-unpack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const contents = () => join(folder, 'contents');

async function unpack(archive: Buffer, options = chart) {
  const file = join(folder, 'archive.tgz');
  await writeFile(file, archive);
  return unpackArchive(file, contents(), options);
}

describe('an archive', () => {
  it.each([true, false])('is unpacked without its first folder; gzipped: %s', async (gzip) => {
    const entries = [
      { name: 'thing/Chart.yaml', text: 'name: thing' },
      { name: 'thing/templates/run.sh', text: 'x', mode: 0o755 },
      { name: 'stray.txt', text: 'x' },
    ];
    const files = await unpack(await archiveOf(entries, { gzip }));
    expect([...files.keys()]).toEqual(['Chart.yaml', 'templates/run.sh']);
    expect(files.get('templates/run.sh')?.executable).toBe(true);
    const reader = readArchive(files, { folder: contents(), name: 'chart thing' });
    const root = await reader.readTree(await reader.rootTree('1.0.0'));
    expect(root.map(({ name, kind }) => [name, kind])).toEqual([
      ['Chart.yaml', 'blob'],
      ['templates', 'tree'],
    ]);
    expect(Buffer.from(await reader.readBlob(root[0]?.oid ?? '')).toString()).toBe('name: thing');
  });

  it('has the same ids for the same files, however it is packed', async () => {
    const one = await archiveOf([
      { name: 'a/x', text: '1', mtime: new Date(1) },
      { name: 'a/y', text: '2' },
    ]);
    const two = await archiveOf([
      { name: 'b/y', text: '2' },
      { name: 'b/x', text: '1', mtime: new Date(9) },
    ]);
    const roots: string[] = [];
    for (const archive of [one, two])
      roots.push(readArchive(await unpack(archive), { folder: contents(), name: 'a' }).root);
    expect(roots[0]).toBe(roots[1]);
  });

  it.each([
    ['../../etc/passwd', {}],
    ['/etc/passwd', {}],
    ['thing/../../x', {}],
    ['thing\\..\\x', {}],
    ['thing/hard', { type: 'link' as const, linkname: '/etc/passwd' }],
    ['thing/device', { type: 'character-device' as const }],
  ])('that holds %s is refused, with its name', async (name, more) => {
    await expect(unpack(await archiveOf([{ name, text: '', ...more }]))).rejects.toThrow(JSON.stringify(name));
  });

  it('writes nothing through a symlink that it brings', async () => {
    const canary = join(folder, 'canary');
    const archive = await archiveOf([
      { name: 'thing/out', type: 'symlink', linkname: folder },
      { name: 'thing/out/canary', text: 'written' },
      { name: 'thing/file', type: 'symlink', linkname: canary },
      { name: 'thing/file', text: 'written' },
    ]);
    const files = await unpack(archive);
    await expect(access(canary)).rejects.toThrow(/ENOENT/);
    expect(await readdir(folder)).toEqual(['archive.tgz', 'contents']);
    expect((await readdir(contents())).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
    expect(files.get('file')?.kind).toBe('blob');
  });

  it('of too many files, or of too much in them, is refused', async () => {
    const many = await archiveOf(Array.from({ length: 11 }, (_, index) => ({ name: `t/${index}` })));
    const large = await archiveOf([{ name: 't/bomb', text: '0'.repeat(2_000_000) }]);
    const limits = { files: 10, bytes: 1_000_000 };
    await expect(unpack(many, { ...chart, limits })).rejects.toThrow(/more than 10 files/);
    await expect(unpack(large, { ...chart, limits })).rejects.toThrow(/more than 1000000 bytes/);
  });

  it('that unpacks to more than it says is stopped at its limit', async () => {
    const limits = { files: 10, bytes: 1_000_000 };
    const zeros = gzipSync(Buffer.alloc(20_000_000));
    await expect(unpack(zeros, { ...chart, limits })).rejects.toThrow(/unpacks to more than 1000000 bytes/);
    const lying = await archiveOf([{ name: 't/a', text: 'x' }], { gzip: false });
    const more = gzipSync(Buffer.concat([lying, Buffer.alloc(20_000_000)]));
    await expect(unpack(more, { ...chart, limits })).rejects.toThrow(/unpacks to more than 1000000 bytes/);
  });

  it('with a giant header is refused', async () => {
    const name = `t/${'n'.repeat(5_000_000)}`;
    await expect(unpack(await archiveOf([{ name, text: 'x' }]))).rejects.toMatchObject({ code: 'CHART_ARCHIVE' });
  });

  it.each(['', 'no archive at all', gzipSync('neither').toString('latin1')])(
    'that is broken is an error: %j',
    async (text) => {
      const files = unpack(Buffer.from(text, 'latin1'));
      if (text === '') expect((await files).size).toBe(0);
      else await expect(files).rejects.toMatchObject({ code: 'CHART_ARCHIVE' });
    },
  );
});
