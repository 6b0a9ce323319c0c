import { createHash } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import type { ObjectReader, TreeEntry } from '@plumbline/git';
import { canonicalJson } from '../digest.ts';
import type { ArchiveFile } from './unpack-archive.ts';

/** An unpacked archive, read as if it were a repository with one commit. */
export interface ArchiveReader extends ObjectReader {
  /** Id of the root. */
  readonly root: string;
  /** Of all files. */
  readonly bytes: number;
}

interface Folder {
  folders: Map<string, Folder>;
  files: Map<string, ArchiveFile>;
}

function place(root: Folder, path: string, file: ArchiveFile): void {
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

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Ids are digests of content, so that the same files have the same ids in whatever archive. */
export function readArchive(files: ReadonlyMap<string, ArchiveFile>, name: string): ArchiveReader {
  const trees = new Map<string, readonly TreeEntry[]>();
  const blobs = new Map<string, Buffer>();
  const top: Folder = { folders: new Map(), files: new Map() };
  for (const [path, file] of files) place(top, path, file);

  const store = (folder: Folder): string => {
    const entries: TreeEntry[] = [...folder.folders].map(([entry, child]) => ({
      name: entry,
      kind: 'tree',
      oid: store(child),
      executable: false,
    }));
    for (const [entry, { content, kind, executable }] of folder.files) {
      const oid = sha256(content);
      blobs.set(oid, content);
      entries.push({ name: entry, kind, oid, executable });
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const oid = sha256(`tree ${canonicalJson(entries)}`);
    trees.set(oid, entries);
    return oid;
  };

  const root = store(top);
  const missing = (oid: string) => new PlumblineError('GIT_OBJECT_NOT_FOUND', `${name} has no object ${oid}`);
  const blob = (oid: string): Buffer => {
    const content = blobs.get(oid);
    if (!content) throw missing(oid);
    return content;
  };
  return {
    root,
    bytes: [...blobs.values()].reduce((sum, content) => sum + content.length, 0),
    rootTree: async () => root,
    async readTree(oid) {
      const entries = trees.get(oid);
      if (!entries) throw missing(oid);
      return entries;
    },
    readBlob: async (oid) => blob(oid),
    blobSize: async (oid) => blob(oid).length,
    async commitInfo(commit) {
      throw new PlumblineError('GIT_OBJECT_NOT_FOUND', `${name} ${commit} is no commit`);
    },
  };
}
