import { createHash } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import type { Mirror, ObjectReader, TreeEntry } from '../types.ts';
import { parseGitmodules, type SubmoduleEntry } from './parse-gitmodules.ts';
import { submoduleRefused, submoduleUrl } from './submodule-url.ts';

export interface SubmoduleOptions {
  /** The mirror of a submodule's repository, with that repository's own credentials. */
  open(url: string): Promise<Mirror>;
}

/** A submodule, not opened before something in it is read. */
interface Mount {
  url: string;
  commit: string;
}

/** Submodules by the names that lead to them. */
interface Branch {
  submodule?: SubmoduleEntry;
  below: Map<string, Branch>;
}

/** A .gitmodules with more is not meant to be read. */
const maxSubmodules = 1000;
/** Bytes. */
const maxGitmodules = 1024 * 1024;

function plant(parent: string, submodules: readonly SubmoduleEntry[]): Branch {
  const root: Branch = { below: new Map() };
  for (const submodule of submodules) {
    const parts = submodule.path.replace(/\/+$/, '').split('/');
    const bad = parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
    if (bad) throw submoduleRefused(parent, submodule, 'its path leads outside the repository');
    let branch = root;
    for (const part of parts) {
      const next = branch.below.get(part) ?? { below: new Map() };
      branch.below.set(part, next);
      branch = next;
    }
    branch.submodule = submodule;
  }
  return root;
}

/** Ids of trees that no repository has: they follow from content, as ids of Git do, and can't be mistaken for one. */
function madeId(kind: string, ...parts: readonly string[]): string {
  return createHash('sha256')
    .update([`plumbline ${kind}`, ...parts].join('\0'))
    .digest('hex')
    .slice(0, 40);
}

/**
 * The objects of a repository with its submodules in place: an entry of a submodule that .gitmodules declares reads as a
 * folder (`submodule: true`) with the submodule's files at the recorded commit, at any depth. Nothing of a submodule is
 * fetched before something in it is read. Made for one request: it remembers all it saw. Trees above one, and its own root, have ids made from what they hold.
 *
 * Throws `GIT_SUBMODULE_REFUSED` for a path or URL that leads elsewhere, and what `open` throws, with the submodule named.
 */
export function withSubmodules(parent: Mirror, options: SubmoduleOptions): Mirror {
  const reader = new SubmoduleReader(parent, options);
  return {
    url: parent.url,
    resolve: parent.resolve,
    ensureCommit: parent.ensureCommit,
    listRefs: parent.listRefs,
    readSigned: parent.readSigned,
    shallowCommits: parent.shallowCommits,
    commitInfo: parent.commitInfo,
    close: parent.close,
    rootTree: (commit) => reader.rootTree(commit),
    readTree: (oid) => reader.readTree(oid),
    readBlob: (oid) => reader.readBlob(oid),
    blobSize: (oid) => reader.blobSize(oid),
  };
}

type Reader = Pick<ObjectReader, 'rootTree' | 'readTree' | 'readBlob' | 'blobSize'>;

class SubmoduleReader implements Reader {
  readonly #parent: Mirror;
  readonly #options: SubmoduleOptions;
  readonly #made = new Map<string, readonly TreeEntry[]>();
  readonly #mounts = new Map<string, Mount & { path: string }>();
  readonly #opened = new Map<string, Promise<Reader>>();
  /** Whose object an id is, where it was seen below a submodule. */
  readonly #owners = new Map<string, Reader>();

  constructor(parent: Mirror, options: SubmoduleOptions) {
    this.#parent = parent;
    this.#options = options;
  }

  async rootTree(commit: string): Promise<string> {
    const root = await this.#parent.rootTree(commit);
    const file = (await this.#parent.readTree(root)).find(({ name }) => name === '.gitmodules');
    if (file?.kind !== 'blob') return root;
    if ((await this.#parent.blobSize(file.oid)) > maxGitmodules) throw this.#tooLarge(commit);
    const submodules = parseGitmodules(Buffer.from(await this.#parent.readBlob(file.oid)).toString('utf8'));
    if (submodules.length > maxSubmodules) throw this.#tooLarge(commit);
    return this.#overlay(root, plant(this.#parent.url, submodules));
  }

  readTree(oid: string): Promise<readonly TreeEntry[]> {
    const plain = this.#made.size === 0 && this.#mounts.size === 0 && this.#owners.size === 0;
    return plain ? this.#parent.readTree(oid) : this.#readMounted(oid);
  }

  async #readMounted(oid: string): Promise<readonly TreeEntry[]> {
    const made = this.#made.get(oid);
    if (made) return made;
    const mount = this.#mounts.get(oid);
    const reader = mount ? await this.#open(oid, mount) : this.#ownerOf(oid);
    const entries = await reader.readTree(mount ? await reader.rootTree(mount.commit) : oid);
    if (reader !== this.#parent) for (const entry of entries) this.#owners.set(entry.oid, reader);
    return entries;
  }

  readBlob(oid: string): Promise<Uint8Array> {
    return this.#ownerOf(oid).readBlob(oid);
  }

  blobSize(oid: string): Promise<number> {
    return this.#ownerOf(oid).blobSize(oid);
  }

  #ownerOf(oid: string): Reader {
    return this.#owners.get(oid) ?? this.#parent;
  }

  #tooLarge(commit: string): PlumblineError {
    const text = `.gitmodules of ${this.#parent.url} at ${commit} has more than ${maxSubmodules} entries or 1 MiB`;
    return new PlumblineError('GIT_SUBMODULE_REFUSED', text, { details: { repository: this.#parent.url } });
  }

  /** The tree with the submodules of the branch mounted; its own id where none of them is there. */
  async #overlay(tree: string, branch: Branch): Promise<string> {
    let changed = false;
    const entries: TreeEntry[] = [];
    for (const entry of await this.#parent.readTree(tree)) {
      const next = branch.below.get(entry.name);
      const replaced = next ? await this.#place(entry, next) : entry;
      changed ||= replaced !== entry;
      entries.push(replaced);
    }
    if (!changed) return tree;
    const id = madeId(
      'tree',
      ...entries.map(({ name, kind, oid, executable }) => `${kind}${executable} ${oid} ${name}`),
    );
    this.#made.set(id, entries);
    return id;
  }

  async #place(entry: TreeEntry, branch: Branch): Promise<TreeEntry> {
    const { submodule } = branch;
    if (entry.kind === 'submodule' && submodule) {
      const url = submoduleUrl(this.#parent.url, submodule);
      const oid = madeId('submodule', url, entry.oid);
      this.#mounts.set(oid, { url, commit: entry.oid, path: submodule.path });
      return { name: entry.name, kind: 'tree', oid, executable: false, submodule: true };
    }
    if (entry.kind !== 'tree' || branch.below.size === 0) return entry;
    const oid = await this.#overlay(entry.oid, branch);
    return oid === entry.oid ? entry : { ...entry, oid };
  }

  #open(oid: string, mount: Mount & { path: string }): Promise<Reader> {
    const known = this.#opened.get(oid);
    if (known) return known;
    const opening = this.#fetch(mount).catch((error: unknown) => {
      this.#opened.delete(oid);
      throw this.#named(error, mount);
    });
    this.#opened.set(oid, opening);
    return opening;
  }

  async #fetch({ url, commit }: Mount): Promise<Reader> {
    const mirror = await this.#options.open(url);
    await mirror.ensureCommit(commit);
    return withSubmodules(mirror, this.#options);
  }

  #named(error: unknown, { path, commit }: { path: string; commit: string }): unknown {
    if (!(error instanceof PlumblineError)) return error;
    const text = `submodule "${path}" of ${this.#parent.url} at ${commit.slice(0, 12)}: ${error.message}`;
    const { retry, hint, details } = error;
    return new PlumblineError(error.code, text, { retry, ...(hint ? { hint } : {}), details, cause: error });
  }
}
