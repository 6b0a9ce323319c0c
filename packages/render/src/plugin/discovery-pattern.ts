import type { ObjectReader } from '@plumbline/git';
import picomatch from 'picomatch';
import { boundedMap } from '../bounded-map.ts';
import { createGlob } from '../repository/glob.ts';
import { joinPath, normalisePath } from '../repository/paths.ts';
import { goGlob } from './exclusions.ts';

/** A pattern of `discover.fileName` (no `**`, no `{a,b}`) or `discover.find.glob`. */
export interface DiscoveryPattern {
  kind: 'fileName' | 'glob';
  pattern: string;
}

/** Tells whether anything below a folder matches a pattern; answers are remembered by tree id. */
export interface DiscoveryMatcher {
  matches(reader: Pick<ObjectReader, 'readTree'>, tree: string, pattern: DiscoveryPattern): Promise<boolean>;
}

interface Search {
  reader: Pick<ObjectReader, 'readTree'>;
  isMatch: (path: string) => boolean;
}

function matcherOf({ kind, pattern }: DiscoveryPattern): Search['isMatch'] {
  return kind === 'fileName' ? picomatch(normalisePath(pattern), goGlob) : createGlob(normalisePath(pattern));
}

/** How many folders deep a match can lie. */
function depthOf({ kind, pattern }: DiscoveryPattern): number {
  if (kind === 'glob' && /\*\*|[{(]/.test(pattern)) return Number.POSITIVE_INFINITY;
  return normalisePath(pattern).split('/').length;
}

async function search(from: Search, tree: { oid: string; path: string }, depth: number): Promise<boolean> {
  const entries = await from.reader.readTree(tree.oid);
  if (entries.some(({ name }) => from.isMatch(joinPath(tree.path, name)))) return true;
  if (depth <= 1) return false;
  for (const { kind, name, oid } of entries) {
    if (kind !== 'tree') continue;
    if (await search(from, { oid, path: joinPath(tree.path, name) }, depth - 1)) return true;
  }
  return false;
}

export function createDiscoveryMatcher(): DiscoveryMatcher {
  const known = boundedMap<string, boolean>(10_000);
  return {
    async matches(reader, tree, pattern) {
      const key = `${tree} ${pattern.kind} ${pattern.pattern}`;
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const found = await search({ reader, isMatch: matcherOf(pattern) }, { oid: tree, path: '' }, depthOf(pattern));
      known.set(key, found);
      return found;
    },
  };
}
