import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { ObjectReader, TreeEntry } from '@plumbline/git';
import { canonicalJson } from '../digest.ts';
import type { UnpackedFile } from './unpack-archive.ts';

/** An unpacked archive, read as if it were a repository with one commit. */
export interface ArchiveReader extends ObjectReader {
  /** Id of the root. */
  readonly root: string;
  /** Of all files. */
  readonly bytes: number;
}

interface Folder {
  folders: Map<string, Folder>;
  files: Map<string, UnpackedFile>;
}

function place(root: Folder, path: string, file: UnpackedFile): void {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  let folder = root;
  for (const part of parts) {
    const next: Folder = folder.folders.get(part) ?? { folders: new Map(), files: new Map() };
    folder.folders.set(part, next);
    folder.files.delete(part);
    folder = next;
  }
  if (!folder.folders.has(name)) folder.files.set(name, file);
}

/** Trees by id; ids are digests of content, so that the same files have the same ids in whatever archive. */
function treesOf(files: ReadonlyMap<string, UnpackedFile>): { root: string; trees: Map<string, readonly TreeEntry[]> } {
  const trees = new Map<string, readonly TreeEntry[]>();
  const top: Folder = { folders: new Map(), files: new Map() };
  for (const [path, file] of files) place(top, path, file);
  const store = (folder: Folder): string => {
    const entries: TreeEntry[] = [...folder.folders].map(([entry, child]) => ({
      name: entry,
      kind: 'tree',
      oid: store(child),
      executable: false,
    }));
    for (const [entry, { oid, kind, executable }] of folder.files) entries.push({ name: entry, kind, oid, executable });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const oid = createHash('sha256')
      .update(`tree ${canonicalJson(entries)}`)
      .digest('hex');
    trees.set(oid, entries);
    return oid;
  };
  return { root: store(top), trees };
}

export interface ReadArchiveOptions {
  /** Holds the contents by their digests. */
  folder: string;
  /** For errors. */
  name: string;
  /** Something is read. */
  onUse?: () => void;
}

/** Reads what `unpackArchive` has written. */
export function readArchive(files: ReadonlyMap<string, UnpackedFile>, options: ReadArchiveOptions): ArchiveReader {
  const { folder, name, onUse } = options;
  const { root, trees } = treesOf(files);
  const sizes = new Map([...files.values()].map(({ oid, size }) => [oid, size]));
  const missing = (oid: string, cause?: unknown) =>
    new PlumblineError('GIT_OBJECT_NOT_FOUND', `${name} has no object ${oid}`, { cause });
  const sizeOf = (oid: string): number => {
    onUse?.();
    const size = sizes.get(oid);
    if (size === undefined) throw missing(oid);
    return size;
  };
  return {
    root,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    rootTree: async () => root,
    async readTree(oid) {
      onUse?.();
      const entries = trees.get(oid);
      if (!entries) throw missing(oid);
      return entries;
    },
    async readBlob(oid) {
      sizeOf(oid);
      return readFile(join(folder, oid)).catch((cause: unknown) => {
        throw missing(oid, cause);
      });
    },
    blobSize: async (oid) => sizeOf(oid),
    async commitInfo(commit) {
      throw new PlumblineError('GIT_OBJECT_NOT_FOUND', `${name} ${commit} is no commit`);
    },
  };
}
