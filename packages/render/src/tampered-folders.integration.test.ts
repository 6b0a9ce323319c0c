import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InputFolders, listing, openInputFolders, type Tree, visit } from './test-support/input-folders.ts';

let rig: InputFolders;
beforeAll(async () => {
  rig = await openInputFolders();
});
afterAll(() => rig[Symbol.asyncDispose]());

const older: Tree = {
  'app/base/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
  'app/base/a.yaml': 'a: 1\n',
  'app/base/b.yaml': 'b: 1\n',
  'app/prod/kustomization.yaml': 'resources: [../base]\n',
  'app/l': '-> base',
};
const newer: Tree = { ...older, 'app/base/b.yaml': 'b: 2\n' };

describe('a folder that is not as it was written is removed, and a new one made', () => {
  const file = 'app/base/a.yaml';
  const rewrite = (path: string, write: () => void) => {
    const { atime, mtime } = statSync(path);
    write();
    utimesSync(path, atime, mtime);
  };
  it.each<[what: string, tamper: (root: string) => void]>([
    ['a file has other content of the same length', (root) => writeFileSync(join(root, file), 'a: 9\n')],
    [
      'a file is longer, with its old time',
      (root) => rewrite(join(root, file), () => writeFileSync(join(root, file), 'long: 9\n')),
    ],
    ['a file is empty', (root) => truncateSync(join(root, file))],
    ['a file can be written', (root) => chmodSync(join(root, file), 0o644)],
    ['a file can be executed', (root) => chmodSync(join(root, file), 0o555)],
    [
      'a file was replaced by the like of it',
      (root) => {
        const { atime, mtime } = statSync(join(root, file));
        writeFileSync(join(root, '..', '..', 'other'), 'a: 9\n', { mode: 0o444 });
        utimesSync(join(root, '..', '..', 'other'), atime, mtime);
        renameSync(join(root, '..', '..', 'other'), join(root, file));
      },
    ],
    [
      'a file was replaced by a symlink',
      (root) => {
        rmSync(join(root, file));
        symlinkSync('kustomization.yaml', join(root, file));
      },
    ],
    ['a file has a second name elsewhere', (root) => linkSync(join(root, file), join(root, '..', '..', 'second'))],
    ['a file is gone', (root) => rmSync(join(root, file))],
    ['a file that changes is gone', (root) => rmSync(join(root, 'app/base/b.yaml'))],
    [
      'a file that changes has become a folder',
      (root) => {
        rmSync(join(root, 'app/base/b.yaml'));
        mkdirSync(join(root, 'app/base/b.yaml/in'), { recursive: true });
      },
    ],
    ['a file was added', (root) => writeFileSync(join(root, 'app/prod/added'), 'x')],
    ['a file was added to the root', (root) => writeFileSync(join(root, '.hidden'), 'x')],
    ['a file was renamed', (root) => renameSync(join(root, file), join(root, 'app/base/z.yaml'))],
    ['a folder was added', (root) => mkdirSync(join(root, 'app/added'))],
    ['a symlink was added', (root) => symlinkSync('/etc', join(root, 'app/base/out'))],
    ['a folder can be written', (root) => chmodSync(join(root, 'app/base'), 0o755)],
    ['the root can be written', (root) => chmodSync(root, 0o755)],
    [
      'a folder was replaced by a copy',
      (root) => {
        renameSync(join(root, 'app/base'), join(root, '..', '..', 'moved'));
        mkdirSync(join(root, 'app/base'));
        for (const name of ['a.yaml', 'b.yaml', 'kustomization.yaml'])
          renameSync(join(root, '..', '..', 'moved', name), join(root, 'app/base', name));
        chmodSync(join(root, 'app/base'), 0o555);
      },
    ],
    [
      'a folder was replaced by a symlink to it',
      (root) => {
        renameSync(join(root, 'app/base'), join(root, '..', '..', 'moved'));
        symlinkSync(join(root, '..', '..', 'moved'), join(root, 'app/base'));
      },
    ],
    ['the root is gone', (root) => rmSync(root, { recursive: true })],
    [
      'the root was replaced by a symlink',
      (root) => {
        renameSync(root, join(root, '..', '..', 'moved'));
        symlinkSync(join(root, '..', '..', 'moved'), root);
      },
    ],
  ])('where %s', async (_what, tamper) => {
    const { work, inputs } = rig.fresh();
    const path = await visit(work, await rig.revision(older));
    tamper(path);
    const revision = await rig.revision(newer);
    const other = await visit(work, revision);
    expect(other).not.toBe(path);
    expect(listing(other)).toEqual(await rig.expected(revision));
    expect(readdirSync(inputs)).toHaveLength(1);
  });

  it('and what a symlink in its place leads to is not touched', async () => {
    const { work, inputs } = rig.fresh();
    const path = await visit(work, await rig.revision(older));
    const outside = join(inputs, '..', 'outside');
    renameSync(join(path, 'app/base'), outside);
    symlinkSync(outside, join(path, 'app/base'));
    const before = listing(outside);
    await visit(work, await rig.revision(newer));
    expect(listing(outside)).toEqual(before);
  });
});
