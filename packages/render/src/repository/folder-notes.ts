import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { shareThread } from '../share-thread.ts';
import { joinPath } from './paths.ts';
import { type InputPlan, type PlannedFile, placeOf } from './plan-inputs.ts';

/** A file as it was right after it was written. */
export interface NotedFile extends PlannedFile {
  ino: number;
  size: number;
  mtimeMs: number;
  mode: number;
}

/** What lies in a folder of inputs, as it was written: so that it can be told later whether anybody has changed it. */
export interface FolderNotes {
  /** The device that all of it is on. */
  dev: number;
  /** Inode numbers by path, each folder before what lies in it. */
  folders: ReadonlyMap<string, number>;
  files: ReadonlyMap<string, NotedFile>;
  links: ReadonlySet<string>;
}

/** Of larger folders no notes are kept. */
const maxNoted = 2_000;

/** Files, links and folders that the notes are of: what they cost of memory is some hundred bytes for each. */
export function noteCount({ files, links, folders }: FolderNotes): number {
  return files.size + links.size + folders.size;
}

/** Whether notes are kept of a folder that is written by this plan. */
export function isNotable({ files, links, folders }: InputPlan): boolean {
  return files.length + links.length + folders.length <= maxNoted;
}

export function noteFile({ path, oid, executable }: PlannedFile, { ino, size, mtimeMs, mode }: Stats): NotedFile {
  return { path, oid, executable, ino, size, mtimeMs, mode };
}

/** Folders of inputs are read-only, whatever the umask. */
export const lockedMode = 0o555;

/** The inodes of folders that are complete and locked. */
export function noteFolders(root: string, paths: readonly string[]): Pick<FolderNotes, 'dev' | 'folders'> {
  const folders = new Map(paths.map((path) => [path, lstatSync(placeOf(root, path)).ino]));
  return { dev: lstatSync(root).dev, folders };
}

function isSame(noted: NotedFile | undefined, { oid, executable }: PlannedFile): noted is NotedFile {
  return noted?.oid === oid && noted.executable === executable;
}

/** The files of the plan that lie in a noted folder already, by path. */
export function keptFiles({ files }: InputPlan, notes: FolderNotes): Map<string, NotedFile> {
  const kept = new Map<string, NotedFile>();
  for (const file of files) {
    const noted = notes.files.get(file.path);
    if (isSame(noted, file)) kept.set(file.path, noted);
  }
  return kept;
}

/**
 * How much of a plan lies in a noted folder already: the files that both have, 0 where the folder is not of the same
 * source at another revision. Two revisions of a source have the same folders and something in common: so that no folder
 * has to be made or removed to come from one to the other.
 */
export function likeness(plan: InputPlan, notes: FolderNotes): number {
  const { folders } = notes;
  if (plan.folders.length !== folders.size || !plan.folders.every((path) => folders.has(path))) return 0;
  return plan.files.reduce((count, file) => (isSame(notes.files.get(file.path), file) ? count + 1 : count), 0);
}

/** Nothing else has the file: who had it under another name could write to it. */
function isUntouched(found: Stats, { dev, noted }: { dev: number; noted: NotedFile }): boolean {
  const { ino, size, mtimeMs, mode } = noted;
  return (
    found.isFile() &&
    found.nlink === 1 &&
    found.dev === dev &&
    found.ino === ino &&
    found.size === size &&
    found.mtimeMs === mtimeMs &&
    found.mode === mode
  );
}

/**
 * Whether a folder holds exactly what was noted: the same folders with the same modes, in them the noted names and no
 * others, and the files of `kept` as they were written. Throws what the system says where something is not there.
 */
export async function isAsNoted(root: string, notes: FolderNotes, kept: Iterable<NotedFile>): Promise<boolean> {
  const { dev, folders, files, links } = notes;
  const rest = shareThread();
  let names = 0;
  for (const [folder, ino] of folders) {
    const path = placeOf(root, folder);
    const found = lstatSync(path);
    if (!found.isDirectory() || found.dev !== dev || found.ino !== ino) return false;
    if ((found.mode & 0o7777) !== lockedMode) return false;
    for (const name of readdirSync(path)) {
      const inner = joinPath(folder, name);
      if (!files.has(inner) && !folders.has(inner) && !links.has(inner)) return false;
      names += 1;
    }
    await rest();
  }
  // All but the root itself have a name.
  if (names !== noteCount(notes) - 1) return false;
  for (const noted of kept) {
    if (!isUntouched(lstatSync(placeOf(root, noted.path)), { dev, noted })) return false;
    await rest();
  }
  return true;
}
