import { randomBytes } from 'node:crypto';
import { chmod, copyFile, link, lstat, mkdir, readdir, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inputsDigest } from './digest.ts';
import { materialise } from './repository/materialise.ts';
import type { RepositoryView } from './repository/repository-view.ts';
import type { TracedInput } from './types.ts';

export interface WorkFolderLimits {
  /** Folders of inputs kept for the next render. Default 200. */
  folders: number;
  /** Bytes in them. Default 512 MiB. */
  bytes: number;
}

/** A folder that stays until it is released. */
export interface HeldFolder extends AsyncDisposable {
  readonly path: string;
}

/** Where renders find their files. Owned by one renderer, emptied when it starts. */
export interface WorkFolder {
  /** A read-only folder with exactly the inputs, shared by all renders of the same inputs. */
  hold(view: RepositoryView, inputs: readonly TracedInput[]): Promise<HeldFolder>;
  /** A private, writable folder. With `from`, its content is a copy (`copy`), or hard links that must not be written through (`link`). */
  scratch(from?: { path: string; mode: 'copy' | 'link' }): Promise<HeldFolder>;
  /** An empty folder that lives as long as the renderer, as home of the tools. */
  home(): Promise<string>;
}

interface Entry {
  path: string;
  bytes: number;
  users: number;
  ready: Promise<void>;
}

/** Removes a folder although folders in it are read-only. */
async function removeFolder(path: string): Promise<void> {
  const open = async (folder: string): Promise<void> => {
    await chmod(folder, 0o755);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await open(join(folder, entry.name));
    }
  };
  if (await lstat(path).catch(() => undefined)) await open(path);
  await rm(path, { recursive: true, force: true });
}

async function duplicate(from: string, to: string, mode: 'copy' | 'link'): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o755 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await duplicate(source, target, mode);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (mode === 'link') await link(source, target);
    else await copyFile(source, target).then(() => chmod(target, 0o644));
  }
}

/** @param folder made where it is missing. */
export function openWorkFolder(folder: string, limits: Partial<WorkFolderLimits> = {}): WorkFolder {
  const { folders: maxFolders, bytes: maxBytes } = { folders: 200, bytes: 512 * 1024 * 1024, ...limits };
  const entries = new Map<string, Entry>();
  let started: Promise<string> | undefined;
  let made = 0;

  const start = (): Promise<string> => {
    started ??= (async () => {
      await removeFolder(folder);
      for (const name of ['inputs', 'scratch', 'home'])
        await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
      return realpath(folder);
    })();
    return started;
  };

  const prune = async (): Promise<void> => {
    let bytes = [...entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [key, entry] of entries) {
      if (entries.size <= maxFolders && bytes <= maxBytes) return;
      if (entry.users > 0) continue;
      entries.delete(key);
      bytes -= entry.bytes;
      await removeFolder(entry.path);
    }
  };

  const fill = async (entry: Entry, view: RepositoryView, inputs: readonly TracedInput[]): Promise<void> => {
    await mkdir(entry.path, { mode: 0o755 });
    try {
      entry.bytes = await materialise(view, inputs, entry.path);
    } catch (error) {
      await removeFolder(entry.path);
      throw error;
    }
  };

  return {
    async hold(view, inputs) {
      const root = await start();
      const key = inputsDigest(inputs);
      let entry = entries.get(key);
      if (!entry) {
        // The number tells a folder from one of the same key that is being removed.
        made += 1;
        entry = { path: join(root, 'inputs', `${key}.${made}`), bytes: 0, users: 0, ready: Promise.resolve() };
        entry.ready = fill(entry, view, inputs);
      }
      entries.delete(key);
      entries.set(key, entry);
      entry.users += 1;
      const held = entry;
      const release = async () => {
        held.users -= 1;
        await prune();
      };
      try {
        await held.ready;
      } catch (error) {
        if (entries.get(key) === held) entries.delete(key);
        throw error;
      }
      return { path: held.path, [Symbol.asyncDispose]: release };
    },
    async scratch(from) {
      const path = join(await start(), 'scratch', randomBytes(8).toString('hex'));
      if (from) await duplicate(from.path, path, from.mode);
      else await mkdir(path, { mode: 0o700 });
      return { path, [Symbol.asyncDispose]: () => removeFolder(path) };
    },
    home: async () => join(await start(), 'home'),
  };
}
