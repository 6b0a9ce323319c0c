import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { boundedMap } from './bounded-map.ts';
import { inputsDigest } from './digest.ts';
import { duplicateFolder, removeFolder } from './folders.ts';
import { type FolderNotes, likeness, noteCount } from './repository/folder-notes.ts';
import { materialise, type Written } from './repository/materialise.ts';
import { type InputPlan, planInputs } from './repository/plan-inputs.ts';
import type { RepositoryView } from './repository/repository-view.ts';
import { takeOver } from './repository/take-over.ts';
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
  key: string;
  /** '' until it is known. Named after the first inputs that it was of. */
  path: string;
  bytes: number;
  users: number;
  ready: Promise<void>;
  /** Its inputs were asked for again after their folder was taken over: they keep this one, and it is a new one. */
  recurs: boolean;
  /** Of a complete folder that may be taken over. */
  notes: FolderNotes | undefined;
}

/** Files and folders that the notes of all folders may be of: 6 MiB. */
const maxNotes = 20_000;

/** Inputs that are remembered to have lost their folder. */
const maxTaken = 1_000;

/** Where renders find their files. Owned by one renderer, emptied when it starts. */
export class WorkFolder {
  readonly #folder: string;
  readonly #limits: WorkFolderLimits;
  /** By digest of the inputs; the least recently used first. */
  readonly #entries = new Map<string, Entry>();
  /** Keys whose folder was taken over. */
  readonly #taken = boundedMap<string, true>(maxTaken);
  #started: Promise<string> | undefined;
  #made = 0;

  /** @param folder made where it is missing, at the first use. */
  constructor(folder: string, limits: Partial<WorkFolderLimits> = {}) {
    this.#folder = folder;
    this.#limits = { ...defaults, ...limits };
  }

  /**
   * A read-only folder with exactly the inputs, shared by all renders of the same inputs. It may be one that held an older
   * revision of the same source, and that nobody uses any more: once it is released, others may write to it.
   */
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
    let released = false;
    const release = async () => {
      if (released) return;
      released = true;
      entry.users -= 1;
      await this.#prune();
    };
    return { path: entry.path, [Symbol.asyncDispose]: release };
  }

  /** A private, writable folder. With `from`, its content is a copy (`copy`), or hard links that must not be written through (`link`). */
  async scratch(from?: { path: string; mode: 'copy' | 'link' }): Promise<HeldFolder> {
    const path = join(await this.#start(), 'scratch', randomBytes(8).toString('hex'));
    if (from) await duplicateFolder(from.path, path, from.mode);
    else mkdirSync(path, { mode: 0o700 });
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
    const recurs = this.#taken.get(key) !== undefined;
    const entry: Entry = { key, path: '', bytes: 0, users: 0, ready: Promise.resolve(), recurs, notes: undefined };
    entry.ready = this.#fill(entry, { ...from, root });
    return entry;
  }

  async #fill(
    entry: Entry,
    { view, inputs, root }: { view: RepositoryView; inputs: readonly TracedInput[]; root: string },
  ): Promise<void> {
    const plan = await planInputs(view, inputs, this.#limits);
    const written = (await this.#refill(entry, view, plan)) ?? (await this.#fillNew(entry, view, { plan, root }));
    entry.bytes = written.bytes;
    entry.notes = written.notes;
    this.#boundNotes();
  }

  async #fillNew(
    entry: Entry,
    view: RepositoryView,
    { plan, root }: { plan: InputPlan; root: string },
  ): Promise<Written> {
    // The number tells a folder from one that other inputs have taken over, or that is being removed.
    this.#made += 1;
    entry.path = join(root, 'inputs', `${entry.key}.${this.#made}`);
    mkdirSync(entry.path, { mode: 0o755 });
    return orRemove(entry.path, () => materialise(view, plan, { root: entry.path, limits: this.#limits }));
  }

  /** Takes over the folder of another entry, which is gone then. Undefined where none is fit for it. */
  async #refill(entry: Entry, view: RepositoryView, plan: InputPlan): Promise<Written | undefined> {
    // Nothing is awaited between the choice and the removal: nobody else chooses the same one.
    const old = entry.recurs ? undefined : this.#nearest(plan);
    if (!old?.notes) return undefined;
    const { key, path, notes } = old;
    this.#entries.delete(key);
    this.#taken.set(key, true);
    entry.path = path;
    try {
      return await orRemove(path, () => takeOver(view, plan, { root: path, notes, limits: this.#limits }));
    } catch (error) {
      if (error instanceof PlumblineError) throw error;
      return undefined;
    }
  }

  /** Of the folders that nobody uses, the one that has most of the plan's files; of equals the least recently used. */
  #nearest(plan: InputPlan): Entry | undefined {
    let nearest: Entry | undefined;
    let most = 0;
    for (const entry of this.#entries.values()) {
      if (entry.users > 0 || entry.recurs || !entry.notes) continue;
      const common = likeness(plan, entry.notes);
      if (common <= most) continue;
      nearest = entry;
      most = common;
    }
    return nearest;
  }

  /** Forgets notes beyond the limit; folders without them are never taken over. */
  #boundNotes(): void {
    const size = ({ notes }: Entry) => (notes ? noteCount(notes) : 0);
    let count = [...this.#entries.values()].reduce((sum, entry) => sum + size(entry), 0);
    for (const entry of this.#entries.values()) {
      if (count <= maxNotes) return;
      count -= size(entry);
      entry.notes = undefined;
    }
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

/** Runs what fills a folder; the folder is gone if it fails. */
async function orRemove<Result>(folder: string, fill: () => Promise<Result>): Promise<Result> {
  try {
    return await fill();
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}
