import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EntryHeader, endFrame, frame } from '../plugin/wire.ts';
import { type ReceiveOptions, receiveSource } from './receive-source.ts';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-receive-'));
  root = join(folder, 'root');
  await mkdir(root);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* stream(entries: readonly (EntryHeader | string)[], path = ''): AsyncGenerator<Buffer> {
  yield frame({ path, environment: {} });
  for (const entry of entries) yield typeof entry === 'string' ? Buffer.from(entry) : frame(entry);
  yield endFrame;
}

const receive = (entries: readonly (EntryHeader | string)[], options: Partial<ReceiveOptions> = {}, path = '') =>
  receiveSource(stream(entries, path), root, { maxBytes: 100, maxEntries: 10, keepModes: false, ...options });

const file = (path: string, size: number, executable = false): EntryHeader => ({
  kind: 'file',
  path,
  size,
  executable,
});
const link = (path: string, target: string): EntryHeader => ({ kind: 'link', path, target });

it('writes files, folders and links', async () => {
  await receive([{ kind: 'folder', path: 'a' }, file('a/x', 2), 'hi', link('b', 'a/x')]);
  expect(await readFile(join(root, 'b'), 'utf8')).toBe('hi');
});

it.each([
  [true, 0o111],
  [false, 0],
])('with modes kept %s, an executable file has them %i', async (keepModes, mode) => {
  await receive([file('x', 0, true)], { keepModes });
  expect((await stat(join(root, 'x'))).mode & 0o111).toBe(mode);
});

it.each<[string, (EntryHeader | string)[], Partial<ReceiveOptions>, RegExp]>([
  ['a path upwards', [file('../x', 0)], {}, /impossible path: \.\.\/x/],
  ['an absolute path', [file('/x', 0)], {}, /impossible path/],
  ['a link upwards', [link('a/b', '../../x')], {}, /symlink that leads out of it: a\/b/],
  ['an absolute link', [link('a', '/etc')], {}, /symlink that leads out/],
  ['too many bytes', [file('a', 60), 'x'.repeat(60), file('b', 60)], {}, /larger than 100 bytes/],
  ['too many entries', [file('a', 0), file('b', 0)], { maxEntries: 1 }, /more than 1 files/],
])('refuses %s', async (_case, entries, options, message) => {
  await expect(receive(entries, options)).rejects.toThrow(message);
  expect(await readdir(folder)).toEqual(['root']);
});

it('refuses a source folder outside', async () => {
  await expect(receive([], {}, '../..')).rejects.toThrow(/impossible path/);
});
