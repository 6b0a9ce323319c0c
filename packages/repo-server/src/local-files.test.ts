import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLocalFiles } from './local-files.ts';

let folder = '';
let archive: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-files-test-'));
  await mkdir(join(folder, 'app'));
  await writeFile(join(folder, 'app', 'cm.yaml'), 'kind: ConfigMap\n');
  archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'app']);
});
afterAll(() => rm(folder, { recursive: true }));

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const cacheOf = (bytes: Buffer | undefined) => ({ get: async () => bytes });
const leftOvers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('plumbline-local-')).length;

it('are read as a repository, and gone afterwards', async () => {
  const before = await leftOvers();
  {
    await using files = await openLocalFiles(cacheOf(archive), { key: 'k', checksum: sha(archive) });
    const [app] = await files.reader.readTree(await files.reader.rootTree(''));
    expect(app).toMatchObject({ name: 'app', kind: 'tree' });
    const [file] = await files.reader.readTree(app?.oid ?? '');
    expect(Buffer.from(await files.reader.readBlob(file?.oid ?? '')).toString()).toBe('kind: ConfigMap\n');
  }
  expect(await leftOvers()).toBe(before);
});

it.each([
  ['are gone', () => undefined, 'RENDER_LOCAL_FILES'],
  ['are others than those that were meant', () => Buffer.from('other'), 'RENDER_LOCAL_FILES'],
])('are refused where they %s', async (_, bytes, code) => {
  const opened = openLocalFiles(cacheOf(bytes()), { key: 'k', checksum: sha(archive) });
  await expect(opened).rejects.toMatchObject({ code });
});

it('are refused where they are no archive, and nothing stays behind', async () => {
  const before = await leftOvers();
  const junk = Buffer.from('no archive at all');
  const opened = openLocalFiles(cacheOf(junk), { key: 'k', checksum: sha(junk) });
  await expect(opened).rejects.toMatchObject({ code: 'CHART_ARCHIVE' });
  expect(await leftOvers()).toBe(before);
});
