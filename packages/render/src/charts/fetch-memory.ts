import { createHash } from 'node:crypto';
import { boundedMap } from '../bounded-map.ts';
import { canonicalJson } from '../digest.ts';
import { isExactVersion } from './chart-version.ts';
import type { ChartAccess, ChartReference } from './types.ts';

/** What a reference led to. */
export interface FetchedArchive {
  version: string;
  digest: string;
  /** A chart, whose files lie in one folder of the archive. */
  isChart: boolean;
}

/** Remembers where exact versions led, so that two hundred charts that depend on one ask its repository once. */
export interface FetchMemory {
  get(reference: ChartReference, access: ChartAccess): FetchedArchive | undefined;
  set(reference: ChartReference, access: ChartAccess, fetched: FetchedArchive): void;
  /** Somebody asks again: whatever comes of it, what is remembered no longer holds. */
  forget(reference: ChartReference, access: ChartAccess): void;
}

export interface FetchMemoryOptions {
  clock: () => number;
  /** Settings that what is remembered was allowed by. */
  allowedBy: () => unknown;
}

/** As long as Argo CD believes what it resolved (reference §7.8): a version can be published again. */
const believedMs = 180_000;
const remembered = 20_000;

/** Whether a version names one content, as far as its publisher keeps the rules. */
function isPinned({ version }: ChartReference): boolean {
  return isExactVersion(version) || version.startsWith('sha256:');
}

export function createFetchMemory({ clock, allowedBy }: FetchMemoryOptions): FetchMemory {
  const known = boundedMap<string, { fetched?: FetchedArchive; until: number }>(remembered);
  const keyOf = ({ repoURL, chart, version, passCredentials }: ChartReference, access: ChartAccess): string =>
    createHash('sha256')
      .update(canonicalJson([access, repoURL, chart ?? null, version, passCredentials === true, allowedBy()]))
      .digest('hex');
  return {
    get(reference, access) {
      const found = isPinned(reference) ? known.get(keyOf(reference, access)) : undefined;
      return found && clock() < found.until ? found.fetched : undefined;
    },
    set(reference, access, fetched) {
      if (isPinned(reference)) known.set(keyOf(reference, access), { fetched, until: clock() + believedMs });
    },
    forget: (reference, access) => known.set(keyOf(reference, access), { until: 0 }),
  };
}
