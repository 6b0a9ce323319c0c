import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { removeFolder } from '../folders.ts';
import { watchFolder } from './folder-watch.ts';

/** Where a plugin server keeps copies of repositories and what is lent to commands. */
export interface OwnFolder {
  path: string;
  /**
   * Removes what former servers of the same socket left, that were killed before they could. To be called by the one that
   * listens: no other works in these folders then.
   */
  removeLeftovers(): Promise<void>;
  remove(): Promise<void>;
}

/** The socket by its folder's inode: in containers that share the temporary folder, one path can be several folders. */
async function prefixFor(socket: string): Promise<string> {
  const { dev, ino } = await stat(dirname(socket), { bigint: true });
  const digest = createHash('sha256')
    .update(`${dev} ${ino} ${basename(socket)}`)
    .digest('hex');
  return `plumbline-plugin-${digest.slice(0, 10)}-`;
}

/** The temporary folder is everybody's: links, and folders of others, are not touched. */
async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}

/** @param socket of the server; its folder must exist. */
export async function makeOwnFolder(socket: string): Promise<OwnFolder> {
  const prefix = await prefixFor(socket);
  const path = await mkdtemp(join(tmpdir(), prefix));
  const unwatch = watchFolder(path);
  return {
    path,
    async removeLeftovers() {
      for (const name of await readdir(tmpdir())) {
        const former = join(tmpdir(), name);
        if (name.startsWith(prefix) && former !== path && (await isOwn(former))) await removeFolder(former);
      }
    },
    async remove() {
      await removeFolder(path);
      unwatch();
    },
  };
}
