import { createHash } from 'node:crypto';
import type { Mirror, TreeEntry } from '../types.ts';
import { endpointOf } from './endpoint.ts';

/** Ids of what is read with LFS are none of what is read without, nor of what is read with another `.lfsconfig`. */
const marks = /^lfs-(?:([0-9a-f]{16})-)?/;

/** The id that Git has. */
export function unmarked(oid: string): string {
  return oid.replace(marks, '');
}

/** A submodule's id is a commit of another repository. */
export function markedEntry(entry: TreeEntry, mark: string): TreeEntry {
  return entry.kind === 'submodule' ? entry : { ...entry, oid: `${mark}${entry.oid}` };
}

/** Larger ones are not meant to be read (bytes). */
const maxConfig = 64 * 1024;

/** Where commits say that their objects are, by the marks of what is read of them. */
export function createEndpoints(mirror: Mirror) {
  const known = new Map<string, string>();
  return {
    /** The mark for a root. */
    async markOf(root: string): Promise<string> {
      const file = (await mirror.readTree(root)).find(({ name }) => name === '.lfsconfig');
      if (file?.kind !== 'blob' || (await mirror.blobSize(file.oid)) > maxConfig) return 'lfs-';
      const url = endpointOf(Buffer.from(await mirror.readBlob(file.oid)).toString('utf8'));
      if (url === undefined) return 'lfs-';
      const digest = createHash('sha256').update(url).digest('hex').slice(0, 16);
      known.set(digest, url);
      return `lfs-${digest}-`;
    },
    /** The mark that an id has, for what lies below it. */
    markIn: (oid: string): string => marks.exec(oid)?.[0] ?? 'lfs-',
    at: (oid: string): string | undefined => known.get(marks.exec(oid)?.[1] ?? ''),
  };
}
