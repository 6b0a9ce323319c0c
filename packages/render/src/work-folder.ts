import { randomBytes } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { inputsDigest } from './digest.ts';
import { duplicateFolder, removeFolder } from './folders.ts';
import { type InputLimits, materialise } from './repository/materialise.ts';
import type { RepositoryView } from './repository/repository-view.ts';
import type { TracedInput } from './types.ts';

export interface WorkFolderLimits {
  /** Folders of inputs kept for the next render. Default 200. */
  folders: number;
  /** Bytes in them. Default 512 MiB. */
  bytes: number;
  /** Files in one of them. Default 100,000. */
  maxInputFiles: number;
  /** Bytes in one of them. Default 1 GiB. */
  maxInputBytes: number;
}

const defaults: WorkFolderLimits = {
  folders: 200,
  bytes: 512 * 1024 * 1024,
  maxInputFiles: 100_000,
  maxInputBytes: 1024 * 1024 * 1024,
};

/** A folder that stays until it is released. */
export interface HeldFolder extends AsyncDisposable {
  readonly path: string;
}

interface Entry {
  path: string;
  bytes: number;
  users: number;
  ready: Promise<void>;
}

/** Where renders find their files. Owned by one renderer, emptied when it starts. */
export class WorkFolder {
  readonly #folder: string;
  readonly #limits: WorkFolderLimits;
  /** By digest of the inputs; the least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #started: Promise<string> | undefined;
  #made = 0;

  /** @param folder made where it is missing, at the first use. */
  constructor(folder: string, limits: Partial<WorkFolderLimits> = {}) {
    this.#folder = folder;
    this.#limits = { ...defaults, ...limits };
  }

  /** A read-only folder with exactly the inputs, shared by all renders of the same inputs. */
  async hold(view: RepositoryView, inputs: readonly TracedInput[]): Promise<HeldFolder> {
    const root = await this.#start();
    const key = inputsDigest(inputs);
    const entry = this.#entries.get(key) ?? this.#add(root, key, { view, inputs });
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      await entry.ready;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
    const release = async () => {
      entry.users -= 1;
      await this.#prune();
    };
    return { path: entry.path, [Symbol.asyncDispose]: release };
  }

  /** A private, writable folder. With `from`, its content is a copy (`copy`), or hard links that must not be written through (`link`). */
  async scratch(from?: { path: string; mode: 'copy' | 'link' }): Promise<HeldFolder> {
    const path = join(await this.#start(), 'scratch', randomBytes(8).toString('hex'));
    if (from) await duplicateFolder(from.path, path, from.mode);
    else await mkdir(path, { mode: 0o700 });
    return { path, [Symbol.asyncDispose]: () => removeFolder(path) };
  }

  /** A folder that lives as long as the renderer, as home of the tools. */
  async home(): Promise<string> {
    return join(await this.#start(), 'home');
  }

  #start(): Promise<string> {
    this.#started ??= this.#empty();
    return this.#started;
  }

  async #empty(): Promise<string> {
    await removeFolder(this.#folder);
    for (const name of ['inputs', 'scratch', 'home']) {
      await mkdir(join(this.#folder, name), { recursive: true, mode: 0o700 });
    }
    return realpath(this.#folder);
  }

  #add(root: string, key: string, from: { view: RepositoryView; inputs: readonly TracedInput[] }): Entry {
    // The number tells a folder from one of the same key that is being removed.
    this.#made += 1;
    const entry: Entry = {
      path: join(root, 'inputs', `${key}.${this.#made}`),
      bytes: 0,
      users: 0,
      ready: Promise.resolve(),
    };
    entry.ready = fill(entry, { ...from, limits: this.#limits });
    return entry;
  }

  /** Removes the least recently used folders beyond the limits. */
  async #prune(): Promise<void> {
    let bytes = [...this.#entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#limits.folders && bytes <= this.#limits.bytes) return;
      if (entry.users > 0) continue;
      this.#entries.delete(key);
      bytes -= entry.bytes;
      await removeFolder(entry.path);
    }
  }
}

async function fill(
  entry: Entry,
  { view, inputs, limits }: { view: RepositoryView; inputs: readonly TracedInput[]; limits: InputLimits },
): Promise<void> {
  await mkdir(entry.path, { mode: 0o755 });
  try {
    entry.bytes = await materialise(view, inputs, { root: entry.path, limits });
  } catch (error) {
    await removeFolder(entry.path);
    throw error;
  }
}
