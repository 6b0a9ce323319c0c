import { objectNotFound } from '../git-errors.ts';
import type { ObjectType, RawObject } from '../repository-port.ts';
import type { CommitInfo, TreeEntry } from '../types.ts';
import type { RepositoryCache } from './object-cache.ts';
import { parseCommit, parseTree, treeOfCommit } from './parse-objects.ts';

/** Where the reader gets objects from. */
export interface ObjectSource {
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

/** Typed reads over raw objects: parsed once, cached by id, and one read for all who ask for an id at the same time. */
export function createReader(source: ObjectSource, cache: RepositoryCache): CachedReader {
  const underWay = new Map<string, Promise<RawObject>>();

  const wanted = (oid: string, type: ObjectType, found: ObjectType): void => {
    if (type !== found) throw objectNotFound(source.url, oid, `is a ${found}, not a ${type},`);
  };

  const readShared = (oid: string): Promise<RawObject> => {
    const known = underWay.get(oid);
    if (known) return known;
    const read = source.read(oid).finally(() => underWay.delete(oid));
    underWay.set(oid, read);
    return read;
  };

  const read = async (oid: string, type: ObjectType): Promise<Buffer> => {
    if (!objectId.test(oid)) throw objectNotFound(source.url, oid, 'is no object id');
    const object = await readShared(oid);
    wanted(oid, type, object.type);
    return object.content;
  };

  return {
    async rootTree(commit) {
      const known = cache.rootTree(commit);
      if (known) return known;
      const tree = treeOfCommit(await read(commit, 'commit'));
      cache.addRootTree(commit, tree);
      return tree;
    },
    async readTree(oid) {
      const known = cache.tree(oid);
      if (known) return known;
      const entries = parseTree(await read(oid, 'tree'), oid.length / 2);
      cache.addTree(oid, entries);
      return entries;
    },
    async readBlob(oid) {
      const known = cache.blob(oid);
      if (known) return known;
      const content = await read(oid, 'blob');
      cache.addBlob(oid, content);
      return content;
    },
    async blobSize(oid) {
      const known = cache.blob(oid);
      if (known) return known.byteLength;
      if (!objectId.test(oid)) throw objectNotFound(source.url, oid, 'is no object id');
      const { type, size } = await source.info(oid);
      wanted(oid, 'blob', type);
      return size;
    },
    commit: async (commit) => ({ commit, ...parseCommit(await read(commit, 'commit')) }),
  };
}
