import { hasCode, type PlumblineError } from '@plumbline/errors';
import type { ObjectReader } from '@plumbline/git';
import { boundedMap } from '../bounded-map.ts';
import { joinPath } from './paths.ts';
import type { RepositoryView } from './repository-view.ts';

/** Refuses commits with a symlink that leaves the repository, wherever it lies. Throws `RENDER_SYMLINK` naming it. */
export interface SymlinkGuard {
  check(view: RepositoryView): Promise<void>;
}

const none: readonly string[] = [];

/**
 * A guard that remembers, by tree id, the symlinks below each tree, so that a new commit costs its changed trees only.
 * Dangling links and loops are let pass: they hurt only a source that reads them. Links within submodules are judged when
 * they are read or written, so that a submodule that nobody renders is not fetched.
 */
export function guardSymlinks(): SymlinkGuard {
  const below = boundedMap<string, readonly string[]>(100_000);
  const verdicts = boundedMap<string, PlumblineError | null>(1_000);

  const underWay = new Map<string, Promise<readonly string[]>>();

  const read = async (reader: ObjectReader, tree: string): Promise<readonly string[]> => {
    const links: string[] = [];
    const folders: Promise<void>[] = [];
    const add = (folder: string, found: readonly string[]) => {
      for (const link of found) links.push(joinPath(folder, link));
    };
    for (const entry of await reader.readTree(tree)) {
      if (entry.kind === 'symlink') links.push(entry.name);
      if (entry.kind !== 'tree' || entry.submodule) continue;
      const found = linksBelow(reader, entry.oid);
      // Most folders are known: a promise for each of them is what a commit to a large folder would cost.
      if (found instanceof Promise) folders.push(found.then((all) => add(entry.name, all)));
      else add(entry.name, found);
    }
    await Promise.all(folders);
    below.set(tree, links.length > 0 ? links : none);
    return links;
  };

  /** Reads the folders of a tree beside each other, each once however many ask for it. */
  function linksBelow(reader: ObjectReader, tree: string): readonly string[] | Promise<readonly string[]> {
    const known = below.get(tree) ?? underWay.get(tree);
    if (known) return known;
    const reading = read(reader, tree).finally(() => underWay.delete(tree));
    underWay.set(tree, reading);
    return reading;
  }

  const judge = async (view: RepositoryView): Promise<PlumblineError | null> => {
    for (const link of await linksBelow(view.reader, view.root)) {
      try {
        await view.find(link);
      } catch (error) {
        if (!hasCode(error, 'RENDER_SYMLINK')) throw error;
        if (error.details['loop'] !== true) return error;
      }
    }
    return null;
  };

  return {
    async check(view) {
      let verdict = verdicts.get(view.root);
      if (verdict === undefined) {
        verdict = await judge(view);
        verdicts.set(view.root, verdict);
      }
      if (verdict) throw verdict;
    },
  };
}
