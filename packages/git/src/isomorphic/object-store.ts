import fs from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expandOid, readObject } from 'isomorphic-git';
import { mirrorBroken, objectNotFound } from '../git-errors.ts';
import { targetOfTag } from '../mirror/parse-objects.ts';
import type { ObjectType, RawObject } from '../repository-port.ts';

/** Reads of one repository folder by isomorphic-git, which holds packs and their indices in memory. */
export interface IsomorphicStore {
  read(oid: string): Promise<RawObject>;
  findCommit(id: string): Promise<string | undefined>;
  /** Forgets packs that are no longer there. */
  refresh(): Promise<void>;
  /** Every pack index has its pack. */
  hasWholePacks(): Promise<boolean>;
}

const longestTagChain = 10;
const objectTypes: readonly string[] = ['commit', 'tree', 'blob', 'tag'];

function isObjectType(type: string): type is ObjectType {
  return objectTypes.includes(type);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A repository folder, and what isomorphic-git has read of its packs. */
interface Folder {
  url: string;
  gitdir: string;
  cache: object;
}

/** Throws `GIT_OBJECT_NOT_FOUND` or `GIT_MIRROR_BROKEN`; either way the packs are read anew for the next object. */
async function readRaw(folder: Folder, oid: string): Promise<RawObject> {
  const { url, gitdir, cache } = folder;
  try {
    const { object, type } = await readObject({ fs, gitdir, oid, cache, format: 'content' });
    if (!(object instanceof Uint8Array) || !isObjectType(type)) throw new TypeError(`unknown object type ${type}`);
    return { type, content: Buffer.from(object.buffer, object.byteOffset, object.byteLength) };
  } catch (error) {
    folder.cache = {};
    if (errorCode(error) === 'NotFoundError') throw objectNotFound(url, oid);
    throw mirrorBroken(url, messageOf(error), error);
  }
}

/** The whole id that begins so; undefined where there is none, or more than one. */
async function wholeId({ url, gitdir, cache }: Folder, id: string): Promise<string | undefined> {
  if (id.length === 40) return id;
  try {
    return await expandOid({ fs, gitdir, oid: id, cache });
  } catch (error) {
    if (['NotFoundError', 'AmbiguousError'].includes(errorCode(error))) return undefined;
    throw mirrorBroken(url, messageOf(error), error);
  }
}

/** The commit that an object is, or that a chain of tags ends at. */
async function peel(folder: Folder, oid: string): Promise<string | undefined> {
  let target: string | undefined = oid;
  for (let depth = 0; target !== undefined && depth < longestTagChain; depth++) {
    const { type, content } = await readRaw(folder, target);
    if (type === 'commit') return target;
    target = type === 'tag' ? targetOfTag(content) : undefined;
  }
  return undefined;
}

async function hasWholePacks(packFolder: string): Promise<boolean> {
  const files = new Set(await readdir(packFolder).catch(() => []));
  return [...files].every((file) => !file.endsWith('.idx') || files.has(file.replace(/idx$/, 'pack')));
}

export function createIsomorphicStore(url: string, gitdir: string): IsomorphicStore {
  const folder: Folder = { url, gitdir, cache: {} };
  const packFolder = join(gitdir, 'objects/pack');
  let packsAt = 0;
  return {
    read: (oid) => readRaw(folder, oid),
    async findCommit(id) {
      const oid = await wholeId(folder, id);
      if (oid === undefined) return undefined;
      try {
        return await peel(folder, oid);
      } catch (error) {
        if (errorCode(error) === 'GIT_OBJECT_NOT_FOUND') return undefined;
        throw error;
      }
    },
    async refresh() {
      const changedAt = await stat(packFolder).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      if (changedAt !== packsAt) folder.cache = {};
      packsAt = changedAt;
    },
    hasWholePacks: () => hasWholePacks(packFolder),
  };
}
