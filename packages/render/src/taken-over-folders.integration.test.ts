import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type InputFolders,
  inodes,
  listing,
  openInputFolders,
  type Revision,
  type Tree,
  visit,
} from './test-support/input-folders.ts';

let rig: InputFolders;
beforeAll(async () => {
  rig = await openInputFolders();
});
afterAll(() => rig[Symbol.asyncDispose]());

const base: Tree = {
  'app/base/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
  'app/base/a.yaml': 'a: 1\n',
  'app/base/b.yaml': 'b: 1\n',
  'app/prod/kustomization.yaml': 'resources: [../base]\n',
  'app/prod/patch.yaml': 'patch: 1\n',
};
const changed: Tree = { ...base, 'app/base/b.yaml': 'b: 2\n' };
const files = Object.keys(base);

function without(tree: Tree, ...paths: string[]): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !paths.includes(path)));
}

describe('a new revision takes the folder of an older one over', () => {
  it.each<[what: string, from: Tree, to: Tree]>([
    ['a file changes', base, changed],
    ['a file changes that is as long as before', base, { ...base, 'app/prod/patch.yaml': 'patch: 2\n' }],
    [
      'all files but one change',
      base,
      { ...Object.fromEntries(files.map((p) => [p, 'new'])), 'app/base/a.yaml': 'a: 1\n' },
    ],
    ['a file is added', base, { ...base, 'app/base/c.yaml': 'c: 1\n' }],
    ['a file is removed', base, without(base, 'app/prod/patch.yaml')],
    ['a file moves', base, { ...without(base, 'app/base/a.yaml'), 'app/prod/a.yaml': 'a: 1\n' }],
    ['two files swap', base, { ...base, 'app/base/a.yaml': 'b: 1\n', 'app/base/b.yaml': 'a: 1\n' }],
    ['a file becomes executable', { ...base, 'app/prod/x': 'x' }, { ...base, 'app/prod/x': '+x x' }],
    ['an executable file becomes a plain one', { ...base, 'app/prod/x': '+x x' }, { ...base, 'app/prod/x': 'x' }],
    ['a file becomes a symlink', base, { ...base, 'app/base/b.yaml': '-> a.yaml' }],
    ['a symlink becomes a file', { ...base, 'app/base/b.yaml': '-> a.yaml' }, base],
    ['a symlink changes', { ...base, l: '-> app/base' }, { ...base, l: '-> app/prod' }],
    ['a symlink stays', { ...base, l: '-> app/base' }, { ...changed, l: '-> app/base' }],
    [
      'a symlink to a folder stays, beside it a file comes',
      { ...base, 'app/l': '-> base' },
      { ...base, 'app/l': '-> base', 'app/f': '' },
    ],
    ['a symlink is removed', { ...base, l: '-> app/base' }, base],
    ['a name has odd characters', { ...base, 'app/é ü\n"x': '1' }, { ...changed, 'app/é ü\n"x': '1' }],
  ])('where %s', async (_what, from, to) => {
    const { work, inputs } = rig.fresh();
    const [older, newer] = [await rig.revision(from), await rig.revision(to)];
    const path = await visit(work, older);
    const same = Object.keys(from).filter((file) => from[file] === to[file] && !from[file]?.startsWith('-> '));
    const before = inodes(path, same);
    expect(await visit(work, newer)).toBe(path);
    expect(listing(path)).toEqual(await rig.expected(newer));
    expect(inodes(path, same)).toEqual(before);
    expect(readdirSync(inputs)).toHaveLength(1);
  });

  it('of whole folders as inputs, and where a look-up finds what it did not find before', async () => {
    const { work } = rig.fresh();
    const revisions = [
      await rig.revision(base),
      await rig.revision(changed),
      await rig.revision({ ...changed, 'x.yaml': 'x' }),
    ];
    const wanted = revisions.map(async ({ view }) => {
      const look = async (path: string) => ({ path, oid: (await view.entry(path))?.oid ?? null });
      return { view, inputs: await Promise.all(['app', 'x.yaml'].map(look)) };
    });
    const paths = new Set<string>();
    for (const revision of await Promise.all(wanted)) {
      paths.add(await visit(work, revision));
      expect(listing([...paths].join())).toEqual(await rig.expected(revision));
    }
    expect(paths.size).toBe(1);
  });

  it('the one that has most in common with it', async () => {
    const { work } = rig.fresh();
    const [first, second] = [await rig.revision(base), await rig.revision({ ...changed, 'app/base/a.yaml': 'a: 2\n' })];
    await using one = await work.hold(first.view, first.inputs);
    const other = await visit(work, second);
    await one[Symbol.asyncDispose]();
    expect(other).not.toBe(one.path);
    expect(
      await visit(work, await rig.revision({ ...changed, 'app/base/a.yaml': 'a: 2\n', 'app/prod/patch.yaml': '' })),
    ).toBe(other);
    expect(await visit(work, first)).toBe(one.path);
  });
});

describe('a new folder is made', () => {
  it.each<[what: string, to: Tree]>([
    ['a file becomes a folder', { ...without(base, 'app/base/a.yaml'), 'app/base/a.yaml/x': 'x' }],
    ['a folder comes', { ...base, 'app/new/x.yaml': 'x' }],
    ['a folder goes', without(base, 'app/prod/kustomization.yaml', 'app/prod/patch.yaml')],
    [
      'a folder becomes a file',
      { ...without(base, 'app/prod/kustomization.yaml', 'app/prod/patch.yaml'), 'app/prod': 'x' },
    ],
    [
      'a folder becomes a symlink',
      { ...without(base, 'app/prod/kustomization.yaml', 'app/prod/patch.yaml'), 'app/prod': '-> base' },
    ],
    ['nothing is the same', Object.fromEntries(files.map((path) => [path, `other ${path}`]))],
  ])('where %s', async (_what, to) => {
    const { work } = rig.fresh();
    const older = await rig.revision(base);
    const path = await visit(work, older);
    const before = listing(path);
    const newer = await rig.revision(to);
    const other = await visit(work, newer);
    expect(other).not.toBe(path);
    expect(listing(other)).toEqual(await rig.expected(newer));
    expect(listing(path)).toEqual(before);
  });

  it('for inputs that lost theirs and come again, which keep the new one', async () => {
    const { work, inputs } = rig.fresh();
    const turns = [await rig.revision(base), await rig.revision(changed)];
    const rounds: string[][] = [];
    for (let round = 0; round < 3; round += 1) {
      const paths: string[] = [];
      for (const revision of turns) paths.push(await visit(work, revision));
      rounds.push(paths);
    }
    const [first, second, third] = rounds;
    expect(first?.[1]).toBe(first?.[0]);
    expect(second?.[0]).not.toBe(first?.[0]);
    expect(third).toEqual(second);
    expect(readdirSync(inputs)).toHaveLength(2);
    const next = await visit(work, await rig.revision({ ...changed, 'app/prod/patch.yaml': 'patch: 5\n' }));
    expect(next).toBe(first?.[1]);
    expect(await visit(work, turns[0] ?? (await rig.revision(base)))).toBe(second?.[0]);
  });

  it('while the old one is used', async () => {
    const { work } = rig.fresh();
    const older = await rig.revision(base);
    await using held = await work.hold(older.view, older.inputs);
    const before = listing(held.path);
    await using _again = await work.hold(older.view, older.inputs);
    await held[Symbol.asyncDispose]();
    expect(await visit(work, await rig.revision(changed))).not.toBe(held.path);
    expect(listing(held.path)).toEqual(before);
  });
});

it('leaves private copies with hard links as they are', async () => {
  const { work } = rig.fresh();
  const older = await rig.revision(base);
  await using held = await work.hold(older.view, older.inputs);
  await using scratch = await work.scratch({ path: held.path, mode: 'link' });
  const before = listing(scratch.path);
  await held[Symbol.asyncDispose]();
  const newer = await rig.revision(changed);
  expect(listing(await visit(work, newer))).toEqual(await rig.expected(newer));
  expect(listing(scratch.path)).toEqual(before);
});

it('takes a folder over again once its hard links are gone', async () => {
  const { work } = rig.fresh();
  const older = await rig.revision(base);
  const held = await work.hold(older.view, older.inputs);
  await (await work.scratch({ path: held.path, mode: 'link' }))[Symbol.asyncDispose]();
  await held[Symbol.asyncDispose]();
  expect(await visit(work, await rig.revision(changed))).toBe(held.path);
});

it('never gives one folder to two of several that ask at once', async () => {
  const { work, inputs } = rig.fresh();
  const path = await visit(work, await rig.revision(base));
  const revisions: Revision[] = [];
  for (const name of ['1', '2', '3', '4', '5'])
    revisions.push(await rig.revision({ ...base, 'app/base/b.yaml': name }));
  const held = await Promise.all(revisions.map(({ view, inputs: wanted }) => work.hold(view, wanted)));
  const paths = held.map((folder) => folder.path);
  expect(new Set(paths).size).toBe(5);
  expect(paths).toContain(path);
  for (const [index, folder] of held.entries()) {
    expect(readFileSync(join(folder.path, 'app/base/b.yaml'), 'utf8')).toBe(String(index + 1));
    await folder[Symbol.asyncDispose]();
  }
  expect(readdirSync(inputs)).toHaveLength(5);
});

it('gives the inputs of an old folder back while it is being taken over', async () => {
  const { work } = rig.fresh();
  const [older, newer] = [await rig.revision(base), await rig.revision(changed)];
  await visit(work, older);
  const [one, other] = await Promise.all([newer, older].map(({ view, inputs }) => work.hold(view, inputs)));
  expect(one && listing(one.path)).toEqual(await rig.expected(newer));
  expect(other && listing(other.path)).toEqual(await rig.expected(older));
});

describe('the limits are those of all inputs, and a refusal in the middle leaves nothing', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h']
    .map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]},`.repeat(10)}]\n`)
    .join('')}`;
  const bytes = Object.values(base).join('').length;
  it.each<[what: string, limits: object, to: Tree, message: RegExp, left: number]>([
    [
      'bytes',
      { maxInputBytes: bytes },
      { ...base, 'app/prod/patch.yaml': 'patch: 10\n' },
      /patch\.yaml: .* more than \d+ bytes/,
      0,
    ],
    ['files', { maxInputFiles: 4 }, { ...base, 'app/prod/z.yaml': '' }, /z\.yaml: .* more than 4 files/, 1],
    ['aliases', {}, { ...base, 'app/prod/kustomization.yaml': bomb }, /prod\/kustomization\.yaml: aliases/, 0],
  ])('%s', async (_what, limits, to, message, left) => {
    const { work, inputs } = rig.fresh(limits);
    await visit(work, await rig.revision(base));
    const newer = await rig.revision(to);
    await expect(visit(work, newer)).rejects.toThrow(message);
    expect(readdirSync(inputs)).toHaveLength(left);
    const again = await rig.revision({ ...base, 'app/prod/patch.yaml': 'patch: 3\n' });
    expect(listing(await visit(work, again))).toEqual(await rig.expected(again));
  });
});

it('gives nobody a file that only the repository of the old folder has', async () => {
  const { work, inputs } = rig.fresh();
  const [older, newer] = [await rig.revision(base), await rig.revision(changed)];
  await visit(work, older);
  const { view } = newer;
  const kept = newer.inputs.find(({ path }) => path === 'app/base/a.yaml')?.oid;
  const readBlob = async (oid: string) => {
    if (oid === kept) throw new PlumblineError('GIT_OBJECT_NOT_FOUND', 'the other repository has no such object');
    return view.reader.readBlob(oid);
  };
  const other = { view: { ...view, reader: { ...view.reader, readBlob } }, inputs: newer.inputs };
  await expect(visit(work, other)).rejects.toThrow(/the other repository has no such object/);
  expect(readdirSync(inputs)).toEqual([]);
});
