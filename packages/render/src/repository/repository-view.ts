import { PlumblineError } from '@plumbline/errors';
import type { EntryKind, ObjectReader, TreeEntry } from '@plumbline/git';
import type { TracedInput } from '../types.ts';
import { folderOf, isOutside, joinPath, normalisePath, shownPath } from './paths.ts';

/** Links that one look-up may pass. */
const maxLinks = 10;

const maxPath = 4_096;
/** Files that are read here, and not only handed to a tool, are written by people. */
const maxTextBytes = 32 * 1024 * 1024;

/** What a path leads to, every symlink followed. */
export interface Found {
  /** The path without symlinks in it. */
  path: string;
  kind: Exclude<EntryKind, 'symlink'>;
  oid: string;
  /** The symlinks that were passed. */
  links: readonly TracedInput[];
}

/** One commit of a repository, by path. '' is the root. */
export interface RepositoryView {
  readonly revision: string;
  /** Id of the root tree. */
  readonly root: string;
  readonly reader: ObjectReader;
  /**
   * What is at a path (`..` allowed in it), symlinks followed. `links` are the symlinks passed even where it ends in nothing.
   * Throws `RENDER_PATH_OUTSIDE` where the path leaves the repository, `RENDER_SYMLINK` where a link does or links go in circles.
   */
  look(path: string): Promise<{ found: Found | null; links: readonly TracedInput[] }>;
  /** {@link look} without the links. */
  find(path: string): Promise<Found | null>;
  /** The entry at a path free of symlinks, itself not followed. */
  entry(path: string): Promise<Pick<TreeEntry, 'kind' | 'oid' | 'executable'> | null>;
  /** Throws `RENDER_TOO_LARGE` beyond 32 MiB. */
  text(oid: string): Promise<string>;
}

/** Names from the root to a tree, with the ids of the trees. */
type Trail = readonly { name: string; oid: string }[];

interface Walk {
  trail: { name: string; oid: string }[];
  rest: string[];
  links: TracedInput[];
}

function tooLong(oid: string, size: number): PlumblineError {
  return new PlumblineError(
    'RENDER_TOO_LARGE',
    `a file that the source refers to has ${size} bytes (Git blob ${oid})`,
    {
      hint: `options, values and links must be smaller than ${maxTextBytes} bytes`,
    },
  );
}

/** No file system takes such paths, and no error should repeat them in full. */
function checkPath(path: string): void {
  const problem = path.includes('\0') ? 'contains a NUL' : path.length > maxPath ? 'is too long' : undefined;
  if (problem === undefined) return;
  throw new PlumblineError('RENDER_INVALID_SOURCE', `path ${JSON.stringify(shownPath(path))} ${problem}`);
}

function outside(asked: string, walk: Walk): PlumblineError {
  const link = walk.links[0]?.path;
  if (link === undefined) {
    return new PlumblineError('RENDER_PATH_OUTSIDE', `path "${asked}" leads outside the repository`, {
      hint: 'paths may only name files of the same repository',
    });
  }
  return new PlumblineError(
    'RENDER_SYMLINK',
    `repository contains an out-of-bounds symlink: ${link} leads outside the repository`,
    {
      hint: 'replace the symlink by a file, or let it point into the repository',
      details: { file: link },
    },
  );
}

async function followLink(
  view: RepositoryView,
  asked: string,
  walk: Walk,
  link: TracedInput & { oid: string },
): Promise<void> {
  walk.links.push({ path: link.path, oid: link.oid });
  if (walk.links.length > maxLinks) {
    throw new PlumblineError('RENDER_SYMLINK', `too many levels of symlinks at ${asked}`, {
      details: { file: link.path, loop: true },
    });
  }
  const target = await view.text(link.oid);
  if (target.startsWith('/')) throw outside(asked, walk);
  walk.rest = [...target.split('/'), ...walk.rest];
}

async function step(view: RepositoryView, asked: string, walk: Walk): Promise<Found | null | undefined> {
  const name = walk.rest.shift();
  if (name === undefined) {
    const oid = walk.trail.at(-1)?.oid ?? view.root;
    return { path: walk.trail.map((part) => part.name).join('/'), kind: 'tree', oid, links: walk.links };
  }
  if (name === '' || name === '.') return undefined;
  if (name === '..') {
    if (!walk.trail.pop()) throw outside(asked, walk);
    return undefined;
  }
  const entries = await view.reader.readTree(walk.trail.at(-1)?.oid ?? view.root);
  const entry = entries.find((candidate) => candidate.name === name);
  if (!entry) return null;
  const path = [...walk.trail.map((part) => part.name), name].join('/');
  if (entry.kind === 'tree') {
    walk.trail.push({ name, oid: entry.oid });
    return undefined;
  }
  if (entry.kind === 'symlink') {
    await followLink(view, asked, walk, { path, oid: entry.oid });
    return undefined;
  }
  const more = walk.rest.some((part) => part !== '' && part !== '.');
  return more ? null : { path, kind: entry.kind, oid: entry.oid, links: walk.links };
}

/** Folders that look-ups came through, so that their neighbours are found in one step. Their paths have no symlinks. */
class KnownFolders {
  readonly #trails = new Map<string, Trail>([['', []]]);

  /** A walk to the path, from its folder where that is known. */
  start(path: string): Walk {
    const folder = folderOf(path);
    const known = this.#trails.get(folder);
    if (!known) return { trail: [], rest: path.split('/'), links: [] };
    const name = folder === '' ? path : path.slice(folder.length + 1);
    return { trail: [...known], rest: name.split('/'), links: [] };
  }

  /** Remembers where a walk has come to. */
  add({ trail, links }: Walk): void {
    if (links.length > 0) return;
    const path = trail.map(({ name }) => name).join('/');
    if (!this.#trails.has(path)) this.#trails.set(path, trail);
  }
}

/** Opens the tree of a commit for look-ups by path. */
export async function openRepository(reader: ObjectReader, revision: string): Promise<RepositoryView> {
  const root = await reader.rootTree(revision);
  const folders = new KnownFolders();
  const view: RepositoryView = {
    revision,
    root,
    reader,
    async look(path) {
      checkPath(path);
      const walk = folders.start(path);
      // Tools resolve `..` by the text of a path, where a missing folder or a symlink before it changes nothing.
      if (isOutside(normalisePath(path))) throw outside(path, walk);
      for (;;) {
        const found = await step(view, path, walk);
        if (found === undefined) continue;
        folders.add(walk);
        return { found, links: walk.links };
      }
    },
    find: async (path) => (await view.look(path)).found,
    async entry(path) {
      const walk = folders.start(normalisePath(path));
      const name = walk.rest.pop();
      if (!name) return { kind: 'tree', oid: root, executable: false };
      for (const part of walk.rest) {
        const next = (await reader.readTree(walk.trail.at(-1)?.oid ?? root)).find((entry) => entry.name === part);
        if (next?.kind !== 'tree') return null;
        walk.trail.push({ name: part, oid: next.oid });
      }
      folders.add(walk);
      return (await reader.readTree(walk.trail.at(-1)?.oid ?? root)).find((entry) => entry.name === name) ?? null;
    },
    async text(oid) {
      const size = await reader.blobSize(oid);
      if (size > maxTextBytes) throw tooLong(oid, size);
      return new TextDecoder().decode(await reader.readBlob(oid));
    },
  };
  return view;
}

/** All blobs and symlinks below a tree, depth first. `path` is relative to the tree. */
export async function* walkTree(
  reader: ObjectReader,
  tree: string,
  options: { recurse: boolean; prefix?: string },
): AsyncGenerator<{ path: string; entry: TreeEntry }> {
  for (const entry of await reader.readTree(tree)) {
    const path = joinPath(options.prefix ?? '', entry.name);
    if (entry.kind !== 'tree') yield { path, entry };
    else if (options.recurse) yield* walkTree(reader, entry.oid, { recurse: true, prefix: path });
  }
}
