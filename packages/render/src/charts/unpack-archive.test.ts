import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { readArchive } from './archive-reader.ts';
import { unpackArchive } from './unpack-archive.ts';

async function archiveOf(entries: (Partial<tar.Header> & { name: string; text?: string })[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { text = '', ...header } of entries) pack.entry(header, text);
  pack.finalize();
  return gzipSync(await buffer(pack));
}

const chart = { name: 'chart thing', strip: true };

describe('an archive', () => {
  it('is unpacked without its first folder, gzipped or not', async () => {
    const archive = await archiveOf([
      { name: 'thing/Chart.yaml', text: 'name: thing' },
      { name: 'thing/templates/run.sh', text: 'x', mode: 0o755 },
      { name: 'stray.txt', text: 'x' },
    ]);
    const files = await unpackArchive(archive, chart);
    expect([...files.keys()]).toEqual(['Chart.yaml', 'templates/run.sh']);
    expect(files.get('templates/run.sh')?.executable).toBe(true);
    const reader = readArchive(files, 'chart thing');
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
    const roots = await Promise.all(
      [one, two].map(async (archive) => readArchive(await unpackArchive(archive, chart), 'a').root),
    );
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
    const archive = await archiveOf([{ name, ...more }]);
    await expect(unpackArchive(archive, chart)).rejects.toThrow(JSON.stringify(name));
  });

  it('of too many files, or of too much in them, is refused', async () => {
    const many = await archiveOf(Array.from({ length: 11 }, (_, index) => ({ name: `t/${index}` })));
    const large = await archiveOf([{ name: 't/bomb', text: '0'.repeat(2_000_000) }]);
    const limits = { files: 10, bytes: 1_000_000 };
    await expect(unpackArchive(many, { ...chart, limits })).rejects.toThrow(/more than 10 files/);
    await expect(unpackArchive(large, { ...chart, limits })).rejects.toThrow(/more than 1000000 bytes/);
  });

  it.each(['', 'no archive at all', gzipSync('neither').toString('latin1')])(
    'that is broken is an error: %j',
    async (text) => {
      const files = unpackArchive(Buffer.from(text, 'latin1'), chart);
      if (text === '') expect((await files).size).toBe(0);
      else await expect(files).rejects.toMatchObject({ code: 'CHART_ARCHIVE' });
    },
  );
});
