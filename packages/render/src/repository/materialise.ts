import { chmodSync, closeSync, fstatSync, lstatSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { aliasBomb } from '@plumbline/manifests';
import { shareThread } from '../share-thread.ts';
import { type FolderNotes, isNotable, lockedMode, type NotedFile, noteFile, noteFolders } from './folder-notes.ts';
import { type InputLimits, type InputPlan, type PlannedFile, placeOf, tooLarge } from './plan-inputs.ts';
import type { RepositoryView } from './repository-view.ts';

/** What a folder of inputs came to. */
export interface Written {
  /** Of all its files. */
  bytes: number;
  /** Absent for large folders. */
  notes: FolderNotes | undefined;
}

export interface Content {
  bytes: number;
  files: Map<string, NotedFile>;
}

export interface ContentTarget {
  root: string;
  limits: Pick<InputLimits, 'maxInputBytes'>;
  /** What lies there already, by path: it counts for the limits, and is left as it is. */
  kept?: ReadonlyMap<string, NotedFile>;
}

const asterisk = '*'.charCodeAt(0);
const ampersand = '&'.charCodeAt(0);

/** Tools take minutes and all their memory for it. */
function refuseAliasBomb(path: string, content: Uint8Array): void {
  if (!content.includes(asterisk) || !content.includes(ampersand)) return;
  const problem = aliasBomb(new TextDecoder().decode(content));
  if (problem !== undefined) throw tooLarge(path, problem);
}

function writeFile(root: string, file: PlannedFile, content: Uint8Array): NotedFile {
  const { path, executable } = file;
  refuseAliasBomb(path, content);
  const target = openSync(placeOf(root, path), 'wx', executable ? 0o555 : 0o444);
  try {
    writeFileSync(target, content);
    return noteFile(file, fstatSync(target));
  } finally {
    closeSync(target);
  }
}

/**
 * Writes files and links into folders that are there and writable, symlinks last so that nothing is written through one.
 * Nothing that exists is written to. Every file is read from the repository of the view, kept ones too: nobody gets a file
 * that only another repository has. Throws `RENDER_TOO_LARGE`.
 */
export async function writeContent(
  view: RepositoryView,
  plan: InputPlan,
  { root, limits: { maxInputBytes }, kept }: ContentTarget,
): Promise<Content> {
  const rest = shareThread();
  const files = new Map<string, NotedFile>();
  let bytes = 0;
  for (const file of plan.files) {
    const { path, oid } = file;
    bytes += await view.reader.blobSize(oid);
    if (bytes > maxInputBytes) throw tooLarge(path, `the source reads more than ${maxInputBytes} bytes`);
    const content = await view.reader.readBlob(oid);
    const known = kept?.get(path);
    // A path that comes twice is written twice, which fails.
    const stays = known?.size === content.byteLength && !files.has(path);
    files.set(path, stays ? known : writeFile(root, file, content));
    await rest();
  }
  for (const { path, oid } of plan.links) {
    symlinkSync(await view.text(oid), placeOf(root, path));
    await rest();
  }
  return { bytes, files };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o755 });
  } catch (error) {
    // On some systems names that differ in case only are one.
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/**
 * Writes the planned inputs below `root` (which exists and is empty), and makes the files and folders read-only. Throws
 * `RENDER_TOO_LARGE`.
 */
export async function materialise(
  view: RepositoryView,
  plan: InputPlan,
  { root, limits }: Pick<ContentTarget, 'root' | 'limits'>,
): Promise<Written> {
  const rest = shareThread();
  for (const folder of plan.folders) {
    if (folder !== '') makeFolder(placeOf(root, folder));
    await rest();
  }
  const { bytes, files } = await writeContent(view, plan, { root, limits });
  for (const folder of plan.folders) {
    chmodSync(placeOf(root, folder), lockedMode);
    await rest();
  }
  if (!isNotable(plan)) return { bytes, notes: undefined };
  const links = new Set(plan.links.map(({ path }) => path));
  return { bytes, notes: { ...noteFolders(root, plan.folders), files, links } };
}
