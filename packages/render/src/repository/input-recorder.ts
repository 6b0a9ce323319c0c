import { hasCode } from '@plumbline/errors';
import { boundedMap } from '../bounded-map.ts';
import type { TracedInput } from '../types.ts';
import { folderOf, joinPath, normalisePath } from './paths.ts';
import { type Found, type RepositoryView, walkTree } from './repository-view.ts';

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
  /** A look-up from a folder; what it finds (or that it finds nothing) becomes an input, with what symlinks in it lead to. */
  look(folder: string, path: string): Promise<Found | null>;
  /** Like {@link look}, but a tree it finds is no input: what lies in it is looked up one by one. */
  open(folder: string, path: string): Promise<Found | null>;
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

/** A recorder without inputs. */
export function recordInputs(view: RepositoryView): InputRecorder {
  const known = new Map<string, string | null>();
  const trees = new Set<string>();
  const foreign = new Map<string, TracedInput>();

  const record = async (folder: string, path: string, wholeTree: boolean): Promise<Found | null> => {
    const asked = joinPath(folder, path);
    const { found, links } = await view.look(asked);
    for (const link of links) known.set(link.path, link.oid);
    if (!found) known.set(normalisePath(asked), null);
    else if (found.kind !== 'tree') known.set(found.path, found.oid);
    else if (wholeTree) {
      const isNew = !trees.has(found.path);
      known.set(found.path, found.oid);
      trees.add(found.path);
      if (isNew) for (const link of await findLinks(view, found.oid)) await recordLink(joinPath(found.path, link));
    }
    return found;
  };

  /** Loops hurt only who reads them. */
  const recordLink = async (path: string): Promise<void> => {
    try {
      await record('', path, true);
    } catch (error) {
      if (!hasCode(error, 'RENDER_SYMLINK') || error.details['loop'] !== true) throw error;
    }
  };

  return {
    view,
    look: (folder, path) => record(folder, path, true),
    open: (folder, path) => record(folder, path, false),
    add: ({ path, oid }) => void known.set(path, oid),
    addForeign: (input) => void foreign.set(`${input.from} ${input.path}`, input),
    addEverything() {
      known.set('', view.root);
      trees.add('');
    },
    inputs: () => [
      ...[...known]
        .filter(([path]) => !isCovered(trees, path))
        .map(([path, oid]) => ({ path, oid }))
        .sort(byPath),
      ...[...foreign].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, input]) => input),
    ],
  };
}
