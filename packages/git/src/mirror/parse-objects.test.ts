import { describe, expect, test } from 'vitest';
import { parseCommit, parseTree, targetOfTag, treeOfCommit } from './parse-objects.ts';

const oid = 'ab'.repeat(20);

function rawTree(entries: [mode: string, name: string][], id = oid): Buffer {
  return Buffer.concat(entries.flatMap(([mode, name]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]));
}

describe('a raw tree', () => {
  test.each([
    ['40000', 'tree', false],
    ['100644', 'blob', false],
    ['100664', 'blob', false],
    ['100755', 'blob', true],
    ['120000', 'symlink', false],
    ['160000', 'submodule', false],
  ])('entry of mode %s is a %s, executable: %s', (mode, kind, executable) => {
    expect(parseTree(rawTree([[mode, 'näme']]), 20)).toEqual([{ name: 'näme', kind, oid, executable }]);
  });

  test('comes out sorted by name, not in the order of git', () => {
    const git: [string, string][] = [
      ['100644', 'a-b'],
      ['100644', 'a.b'],
      ['40000', 'a'],
    ];
    expect(parseTree(rawTree(git), 20).map(({ name }) => name)).toEqual(['a', 'a-b', 'a.b']);
  });

  test('has 32-byte ids in a SHA-256 repository, and may be empty', () => {
    expect(parseTree(rawTree([['100644', 'x']], 'cd'.repeat(32)), 32)[0]?.oid).toBe('cd'.repeat(32));
    expect(parseTree(Buffer.alloc(0), 20)).toEqual([]);
  });

  test('that is cut off is refused', () => {
    expect(() => parseTree(rawTree([['100644', 'x']]).subarray(0, 20), 20)).toThrow(/cut off/);
    expect(() => parseTree(Buffer.from('100644'), 20)).toThrow(/cut off/);
  });
});

describe('a raw commit', () => {
  const head = `tree ${oid}\nauthor A B <a@b> 1714972089 +0200\ncommitter C <c@d> 1 +0000\n`;

  test('gives root tree, author, date in UTC and message', () => {
    const raw = Buffer.from(`${head}gpgsig -----BEGIN\n author X <x@y> 5 +0000\n -----END\n\nsubject\n\nbody\n`);
    expect(parseCommit(raw)).toEqual({
      tree: oid,
      author: 'A B <a@b>',
      date: '2024-05-06T05:08:09Z',
      message: 'subject\n\nbody\n',
    });
    expect(treeOfCommit(raw)).toBe(oid);
  });

  test('is decoded by its own encoding', () => {
    const raw = Buffer.from(`${head}encoding ISO-8859-1\n\nfür\n`, 'latin1');
    expect(parseCommit(raw).message).toBe('für\n');
  });

  test('may have no message', () => {
    expect(parseCommit(Buffer.from(`${head}\n`)).message).toBe('');
  });
});

test('a raw tag names its target', () => {
  expect(targetOfTag(Buffer.from(`object ${oid}\ntype commit\n`))).toBe(oid);
});
