import { hasCode, PlumblineError } from '@plumbline/errors';
import type { EntryKind } from '@plumbline/git';
import type { TracedInput } from '../types.ts';
import { folderOf } from './paths.ts';
import type { RepositoryView } from './repository-view.ts';

/** What one render may read. */
export interface InputLimits {
  maxInputFiles: number;
  maxInputBytes: number;
}

export interface PlannedFile {
  path: string;
  oid: string;
  executable: boolean;
}

/** What a folder that holds exactly the inputs consists of. */
export interface InputPlan {
  files: readonly PlannedFile[];
  links: readonly { path: string; oid: string }[];
  /** All folders, those that only lead to something too; '' first, each before what lies in it. */
  folders: readonly string[];
}

/** Where a planned path lies below a root. Planned paths have no `.`, `..` or empty part. */
export function placeOf(root: string, path: string): string {
  return path === '' ? root : `${root}/${path}`;
}

interface Draft {
  limits: InputLimits;
  files: PlannedFile[];
  links: { path: string; oid: string }[];
  /** Those that are inputs themselves. */
  folders: Set<string>;
}

/** Git itself refuses such names; objects made by hand can have them. */
function checkName(path: string): void {
  const bad = path.split('/').some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'));
  if (bad)
    throw new PlumblineError('RENDER_INVALID_SOURCE', `the repository holds an entry with an impossible name: ${path}`);
}

/** The error that inputs beyond a limit end in. */
export function tooLarge(path: string, problem: string): PlumblineError {
  return new PlumblineError('RENDER_TOO_LARGE', `${path}: ${problem}`, {
    hint: 'split the source, or raise the limits of the repo-server',
    details: { file: path },
  });
}

function checkCount({ files, links, folders, limits: { maxInputFiles } }: Draft, path: string): void {
  if (files.length + links.length + folders.size <= maxInputFiles) return;
  throw tooLarge(path, `the source reads more than ${maxInputFiles} files`);
}

/** The guard over whole commits leaves submodules out. Loops and dangling links are written as they are. */
async function refuseEscape(view: RepositoryView, path: string): Promise<void> {
  try {
    await view.find(path);
  } catch (error) {
    if (!hasCode(error, 'RENDER_SYMLINK') || error.details['loop'] !== true) throw error;
  }
}

async function planEntry(
  view: RepositoryView,
  draft: Draft,
  { path, entry }: { path: string; entry: { kind: EntryKind; oid: string; executable: boolean } },
): Promise<void> {
  if (path !== '') checkName(path);
  checkCount(draft, path);
  switch (entry.kind) {
    case 'blob':
      draft.files.push({ path, oid: entry.oid, executable: entry.executable });
      return;
    case 'symlink':
      await refuseEscape(view, path);
      draft.links.push({ path, oid: entry.oid });
      return;
    case 'submodule':
      draft.folders.add(path);
      return;
    case 'tree':
      draft.folders.add(path);
      for (const child of await view.reader.readTree(entry.oid)) {
        await planEntry(view, draft, { path: path === '' ? child.name : `${path}/${child.name}`, entry: child });
      }
  }
}

function allFolders({ files, links, folders }: Draft): string[] {
  const all = new Set(['']);
  const add = (folder: string): void => {
    const missing: string[] = [];
    for (let path = folder; !all.has(path); path = folderOf(path)) missing.push(path);
    for (const path of missing.reverse()) all.add(path);
  };
  for (const folder of folders) add(folder);
  for (const { path } of files) add(folderOf(path));
  for (const { path } of links) add(folderOf(path));
  return [...all];
}

/**
 * Finds what has to be written for the inputs. Throws `RENDER_INVALID_SOURCE` where they are not those of the revision or
 * have impossible names, `RENDER_TOO_LARGE` for too many, and what the look-up of a symlink throws that leaves the
 * repository.
 */
export async function planInputs(
  view: RepositoryView,
  inputs: readonly TracedInput[],
  limits: InputLimits,
): Promise<InputPlan> {
  const draft: Draft = { limits, files: [], links: [], folders: new Set() };
  for (const { path, oid } of inputs) {
    if (oid === null) continue;
    const entry = await view.entry(path);
    if (entry?.oid !== oid) {
      throw new PlumblineError('RENDER_INVALID_SOURCE', `${path} is not what was traced at revision ${view.revision}`);
    }
    await planEntry(view, draft, { path, entry });
  }
  return { files: draft.files, links: draft.links, folders: allFolders(draft) };
}
