import { objectNotFound } from '../git-errors.ts';
import type { ObjectType, RawObject } from '../repository-port.ts';
import type { CommitInfo, TreeEntry } from '../types.ts';
import type { RepositoryCache } from './object-cache.ts';
import { parseCommit, parseTree, treeOfCommit } from './parse-objects.ts';

/** Where the reader gets objects from. */
interface ObjectSource {
  url: string;
  read(oid: string): Promise<RawObject>;
  info(oid: string): Promise<{ type: ObjectType; size: number }>;
}

export interface CachedReader {
  rootTree(commit: string): Promise<string>;
  readTree(oid: string): Promise<readonly TreeEntry[]>;
  readBlob(oid: string): Promise<Uint8Array>;
  blobSize(oid: string): Promise<number>;
  commit(commit: string): Promise<Omit<CommitInfo, 'tags'>>;
}

const objectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** One read for all who ask for an object at the same time. */
function shareReads(source: ObjectSource): (oid: string) => Promise<RawObject> {
  const underWay = new Map<string, Promise<RawObject>>();
  return (oid) => {
    const known = underWay.get(oid);
    if (known) return known;
    const read = source.read(oid).finally(() => underWay.delete(oid));
    underWay.set(oid, read);
    return read;
  };
}

/** Objects that are wanted as one type; `GIT_OBJECT_NOT_FOUND` where the id is none, or names another type. */
function createTypedReads(source: ObjectSource) {
  const read = shareReads(source);
  const requireId = (oid: string): void => {
    if (!objectId.test(oid)) throw objectNotFound(source.url, oid, 'is no object id');
  };
  const requireType = (oid: string, type: ObjectType, found: ObjectType): void => {
    if (type !== found) throw objectNotFound(source.url, oid, `is a ${found}, not a ${type},`);
  };
  return {
    async content(oid: string, type: ObjectType): Promise<Buffer> {
      requireId(oid);
      const object = await read(oid);
      requireType(oid, type, object.type);
      return object.content;
    },
    async size(oid: string, type: ObjectType): Promise<number> {
      requireId(oid);
      const object = await source.info(oid);
      requireType(oid, type, object.type);
      return object.size;
    },
  };
}

/** Typed reads over raw objects: parsed once, cached by id, and one read for all who ask for an id at the same time. */
export function createReader(source: ObjectSource, cache: RepositoryCache): CachedReader {
  const reads = createTypedReads(source);
  return {
    async rootTree(commit) {
      const known = cache.rootTree(commit);
      if (known) return known;
      const tree = treeOfCommit(await reads.content(commit, 'commit'));
      cache.addRootTree(commit, tree);
      return tree;
    },
    async readTree(oid) {
      const known = cache.tree(oid);
      if (known) return known;
      const entries = parseTree(await reads.content(oid, 'tree'), oid.length / 2);
      cache.addTree(oid, entries);
      return entries;
    },
    async readBlob(oid) {
      const known = cache.blob(oid);
      if (known) return known;
      const content = await reads.content(oid, 'blob');
      cache.addBlob(oid, content);
      return content;
    },
    blobSize: async (oid) => cache.blob(oid)?.byteLength ?? (await reads.size(oid, 'blob')),
    commit: async (commit) => ({ commit, ...parseCommit(await reads.content(commit, 'commit')) }),
  };
}
