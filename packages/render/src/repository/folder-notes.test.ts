import { describe, expect, it } from 'vitest';
import { type FolderNotes, isNotable, keptFiles, likeness, noteCount } from './folder-notes.ts';
import type { InputPlan } from './plan-inputs.ts';

/** A plan of files by path, each with its object id; `!` before it makes the file executable. */
function planOf(files: Record<string, string>, folders: string[] = ['', 'app']): InputPlan {
  const planned = Object.entries(files).map(([path, id]) => ({
    path,
    oid: id.replace('!', ''),
    executable: id.startsWith('!'),
  }));
  return { files: planned, links: [], folders };
}

function notesOf({ files, links, folders }: InputPlan): FolderNotes {
  const written = { ino: 1, size: 1, mtimeMs: 1, mode: 0o100444 };
  return {
    dev: 1,
    folders: new Map(folders.map((path, index) => [path, index])),
    files: new Map(files.map((file) => [file.path, { ...file, ...written }])),
    links: new Set(links.map(({ path }) => path)),
  };
}

const old = planOf({ 'app/a': '1', 'app/b': '2', 'app/c': '!3' });

describe('the likeness of a plan to a folder', () => {
  it.each<[what: string, plan: InputPlan, expected: number]>([
    ['is all files of the same plan', old, 3],
    ['counts what is the same', planOf({ 'app/a': '1', 'app/b': '9', 'app/c': '!3' }), 2],
    ['counts no file whose executable bit differs', planOf({ 'app/a': '1', 'app/b': '2', 'app/c': '3' }), 2],
    ['counts no content at another path', planOf({ 'app/x': '1', 'app/b': '2' }), 1],
    ['does not mind what is new', planOf({ 'app/a': '1', 'app/n': '7' }), 1],
    ['is nothing where nothing is the same', planOf({ 'app/a': '7', 'app/b': '8' }), 0],
    ['is nothing with one folder more', planOf({ 'app/a': '1' }, ['', 'app', 'more']), 0],
    ['is nothing with one folder less', planOf({ a: '1' }, ['']), 0],
    ['is nothing with other folders', planOf({ 'app/a': '1' }, ['', 'web']), 0],
  ])('%s', (_what, plan, expected) => {
    expect(likeness(plan, notesOf(old))).toBe(expected);
  });
});

it('keeps the files that are the same', () => {
  const plan = planOf({ 'app/a': '1', 'app/b': '9', 'app/c': '3', 'app/d': '4' });
  expect([...keptFiles(plan, notesOf(old)).keys()]).toEqual(['app/a']);
});

it('keeps notes of folders up to 2,000 entries', () => {
  const files = Object.fromEntries(Array.from({ length: 1_998 }, (_, index) => [`app/${index}`, 'x']));
  expect(isNotable(planOf(files))).toBe(true);
  expect(isNotable(planOf({ ...files, more: 'x' }))).toBe(false);
  expect(noteCount(notesOf(planOf(files)))).toBe(2_000);
});
