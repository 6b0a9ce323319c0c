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

export function createIsomorphicStore(url: string, gitdir: string): IsomorphicStore {
  let cache = {};
  let packsAt = 0;

  const read = async (oid: string): Promise<RawObject> => {
    try {
      const { object, type } = await readObject({ fs, gitdir, oid, cache, format: 'content' });
      if (!(object instanceof Uint8Array) || !isObjectType(type)) throw new TypeError(`unknown object type ${type}`);
      return { type, content: Buffer.from(object.buffer, object.byteOffset, object.byteLength) };
    } catch (error) {
      cache = {};
      if (errorCode(error) === 'NotFoundError') throw objectNotFound(url, oid);
      throw mirrorBroken(url, error instanceof Error ? error.message : String(error), error);
    }
  };

  const whole = async (id: string): Promise<string | undefined> => {
    if (id.length === 40) return id;
    try {
      return await expandOid({ fs, gitdir, oid: id, cache });
    } catch (error) {
      if (['NotFoundError', 'AmbiguousError'].includes(errorCode(error))) return undefined;
      throw mirrorBroken(url, error instanceof Error ? error.message : String(error), error);
    }
  };

  const peel = async (oid: string): Promise<string | undefined> => {
    let target: string | undefined = oid;
    for (let depth = 0; target !== undefined && depth < longestTagChain; depth++) {
      const { type, content } = await read(target);
      if (type === 'commit') return target;
      target = type === 'tag' ? targetOfTag(content) : undefined;
    }
    return undefined;
  };

  const packFiles = (): Promise<string[]> => readdir(join(gitdir, 'objects/pack')).catch(() => []);

  return {
    read,
    async findCommit(id) {
      const oid = await whole(id);
      if (oid === undefined) return undefined;
      try {
        return await peel(oid);
      } catch (error) {
        if (errorCode(error) === 'GIT_OBJECT_NOT_FOUND') return undefined;
        throw error;
      }
    },
    async refresh() {
      const changedAt = await stat(join(gitdir, 'objects/pack')).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      if (changedAt !== packsAt) cache = {};
      packsAt = changedAt;
    },
    async hasWholePacks() {
      const files = new Set(await packFiles());
      return [...files].every((file) => !file.endsWith('.idx') || files.has(file.replace(/idx$/, 'pack')));
    },
  };
}
