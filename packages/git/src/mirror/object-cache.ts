import { LRUCache } from 'lru-cache';
import type { TreeEntry } from '../types.ts';

/** Parsed trees and small blobs of all mirrors of one backend, under one bound of bytes. Ids never change their meaning. */
interface ObjectCache {
  /** The part that belongs to one repository: an id says nothing about who may read it elsewhere. */
  scope(repository: string): RepositoryCache;
}

export interface RepositoryCache {
  tree(oid: string): readonly TreeEntry[] | undefined;
  addTree(oid: string, entries: readonly TreeEntry[]): void;
  blob(oid: string): Uint8Array | undefined;
  /** Ignores what is too big to be worth it. */
  addBlob(oid: string, content: Uint8Array): void;
  rootTree(commit: string): string | undefined;
  addRootTree(commit: string, tree: string): void;
}

export interface ObjectCacheOptions {
  /** Default 32 MiB; an entry counts as 200 bytes and its name. */
  treeBytes?: number;
  /** Default 16 MiB. */
  blobBytes?: number;
  /** Blobs above this are never kept. Default 64 KiB. */
  maxBlobBytes?: number;
}

const mebibyte = 1024 * 1024;
/** What an entry object, its id and its slot in the list take on the heap, about. */
const entryBytes = 200;

function treeSize(entries: readonly TreeEntry[]): number {
  return entries.reduce((sum, { name }) => sum + entryBytes + name.length, 200);
}

export function createObjectCache(options: ObjectCacheOptions = {}): ObjectCache {
  const maxBlobBytes = options.maxBlobBytes ?? 64 * 1024;
  const trees = new LRUCache<string, readonly TreeEntry[]>({
    maxSize: options.treeBytes ?? 32 * mebibyte,
    sizeCalculation: treeSize,
  });
  const blobs = new LRUCache<string, Uint8Array>({
    maxSize: options.blobBytes ?? 16 * mebibyte,
    sizeCalculation: (content) => content.byteLength + 200,
  });
  const roots = new LRUCache<string, string>({ max: 10_000 });
  return {
    scope(repository) {
      const key = (oid: string): string => `${repository}:${oid}`;
      return {
        tree: (oid) => trees.get(key(oid)),
        addTree: (oid, entries) => void trees.set(key(oid), entries),
        blob: (oid) => blobs.get(key(oid)),
        addBlob: (oid, content) => {
          if (content.byteLength <= maxBlobBytes) blobs.set(key(oid), content);
        },
        rootTree: (commit) => roots.get(key(commit)),
        addRootTree: (commit, tree) => void roots.set(key(commit), tree),
      };
    },
  };
}
