import { hasCode } from '@plumbline/errors';
import { boundedMap } from '../bounded-map.ts';
import type { TracedInput } from '../types.ts';
import { folderOf, joinPath, normalisePath } from './paths.ts';
import { type Found, type RepositoryView, walkTree } from './repository-view.ts';
import { type Reading, wordingOf } from './wording.ts';

/** Symlinks below a tree, by its id: what they are does not change. */
const linksBelow = boundedMap<string, readonly string[]>(50_000);

async function findLinks({ reader }: RepositoryView, tree: string): Promise<readonly string[]> {
  const known = linksBelow.get(tree);
  if (known) return known;
  const links: string[] = [];
  for await (const { path, entry } of walkTree(reader, tree, { recurse: true })) {
    if (entry.kind === 'symlink') links.push(path);
  }
  linksBelow.set(tree, links);
  return links;
}

/** Looks paths up and remembers every look-up as an input of the render. */
export interface InputRecorder {
  readonly view: RepositoryView;
  /**
   * A look-up from a folder; what it finds (or that it finds nothing) becomes an input, with what symlinks in it lead to. A
   * file that is read as YAML (default: byte for byte) counts by what it says, unless another look-up reads its bytes.
   */
  look(folder: string, path: string, reading?: Reading): Promise<Found | null>;
  /** Like {@link look}, but a tree it finds is no input: what lies in it is looked up one by one. */
  open(folder: string, path: string, reading?: Reading): Promise<Found | null>;
  add(input: TracedInput): void;
  /** An input that was read elsewhere than in this repository. */
  addForeign(input: TracedInput & { from: string }): void;
  /** The whole repository, where what a tool reads cannot be known. */
  addEverything(): void;
  /** Inputs so far by path; what lies in a tree that is an input itself is left out. */
  inputs(): TracedInput[];
}

function isCovered(trees: ReadonlySet<string>, path: string): boolean {
  if (path === '') return false;
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (trees.has(folder)) return true;
    if (folder === '') return false;
  }
}

function byPath(a: TracedInput, b: TracedInput): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Inputs by path. */
class KnownInputs {
  readonly #inputs = new Map<string, TracedInput>();

  /** An input of which every byte counts. */
  add(path: string, oid: string | null): void {
    this.#inputs.set(path, { path, oid });
  }

  /** An input that counts by what it says, if nobody reads its bytes. */
  addWording({ path, oid }: Found, wording: string): void {
    const former = this.#inputs.get(path);
    if (!former || former.wording !== undefined) this.#inputs.set(path, { path, oid, wording });
  }

  /** Without those in the trees, sorted. */
  outside(trees: ReadonlySet<string>): TracedInput[] {
    return [...this.#inputs.values()]
      .filter(({ path }) => !isCovered(trees, path))
      .map(({ path, oid, wording }) =>
        wording === undefined || wording === oid ? { path, oid } : { path, oid, wording },
      )
      .sort(byPath);
  }
}

/** A recorder without inputs. */
export function recordInputs(view: RepositoryView): InputRecorder {
  const known = new KnownInputs();
  const trees = new Set<string>();
  const foreign = new Map<string, TracedInput>();

  const recordFile = async (found: Found, reading: Reading): Promise<void> => {
    const wording = reading === 'yaml' && found.kind === 'blob' ? await wordingOf(view, found) : undefined;
    if (wording === undefined) known.add(found.path, found.oid);
    else known.addWording(found, wording);
  };

  const recordTree = async ({ path, oid }: Found): Promise<void> => {
    const isNew = !trees.has(path);
    known.add(path, oid);
    trees.add(path);
    if (isNew) for (const link of await findLinks(view, oid)) await recordLink(joinPath(path, link));
  };

  const record = async (asked: string, wholeTree: boolean, reading: Reading): Promise<Found | null> => {
    const { found, links } = await view.look(asked);
    for (const link of links) known.add(link.path, link.oid);
    if (!found) known.add(normalisePath(asked), null);
    else if (found.kind !== 'tree') await recordFile(found, reading);
    else if (wholeTree) await recordTree(found);
    return found;
  };

  /** Loops hurt only who reads them. */
  const recordLink = async (path: string): Promise<void> => {
    try {
      await record(path, true, 'bytes');
    } catch (error) {
      if (!hasCode(error, 'RENDER_SYMLINK') || error.details['loop'] !== true) throw error;
    }
  };

  return {
    view,
    look: (folder, path, reading = 'bytes') => record(joinPath(folder, path), true, reading),
    open: (folder, path, reading = 'bytes') => record(joinPath(folder, path), false, reading),
    add: ({ path, oid }) => known.add(path, oid),
    addForeign: (input) => void foreign.set(`${input.from} ${input.path}`, input),
    addEverything() {
      known.add('', view.root);
      trees.add('');
    },
    inputs: () => [
      ...known.outside(trees),
      ...[...foreign].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, input]) => input),
    ],
  };
}
