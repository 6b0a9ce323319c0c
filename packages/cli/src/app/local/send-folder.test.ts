import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { archiveOf, piecesOf } from './send-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-send-'));
  await mkdir(join(folder, 'deep'));
  await mkdir(join(folder, '.git'));
  await writeFile(join(folder, 'a.yaml'), 'a: 1\n');
  await writeFile(join(folder, 'deep/b.tpl'), 'b');
  await writeFile(join(folder, '.git/HEAD'), 'x');
});
afterEach(async () => rm(folder, { recursive: true }));

const names = (archive: Buffer) => execFileSync('tar', ['-tzf', '-'], { input: archive }).toString().trim().split('\n');

it('sends a folder without what belongs to no repository, at the place of the source', async () => {
  expect(names(await archiveOf(folder, { prefix: '', include: [] }))).toEqual(['a.yaml', 'deep/b.tpl']);
  expect(names(await archiveOf(folder, { prefix: 'apps/web', include: ['*.yaml'] }))).toEqual(['apps/web/a.yaml']);
});

it('says which application it is for, and what the archive is', () => {
  const archive = Buffer.alloc(1024 * 1024 + 1, 'x');
  const [first, ...chunks] = piecesOf('team/web', archive);
  expect(first).toEqual({
    query: { name: 'web', appNamespace: 'team', checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  const sent = chunks.map((piece) => Buffer.from('chunk' in piece ? piece.chunk.chunk : '', 'base64'));
  expect([sent.length, Buffer.concat(sent).equals(archive)]).toEqual([2, true]);
});
