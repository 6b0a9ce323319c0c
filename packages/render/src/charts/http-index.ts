import { boundedMap } from '../bounded-map.ts';
import { type GuardedResponse, guardedFetch } from '../network/guarded-fetch.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { accessDigest } from './digests.ts';
import type { IndexEntry } from './repository-index.ts';
import type { ChartAccess, ChartOptions } from './types.ts';

/** For this long an index is believed without a question to the server. */
const indexTtlMs = 5_000;
const downloadTimeoutMs = 120_000;

/** The index of a Helm repository. */
export interface Index {
  text: string;
  etag: string | undefined;
  lastModified: string | undefined;
  readAt: number;
  /** What was looked up in it, by chart. */
  charts: Map<string, IndexEntry[] | undefined>;
}

/** Where the index of a repository is. */
export function indexUrl(repoURL: string): string {
  const url = new URL(repoURL);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/index.yaml`;
  return url.href;
}

/** Gives the index of a repository. */
export type ReadIndex = (access: ChartAccess, options: ChartOptions) => Promise<Index>;

function download(access: ChartAccess, former: Index | undefined, maxBytes: number): Promise<GuardedResponse> {
  return guardedFetch(indexUrl(access.url), {
    maxBytes,
    timeoutMs: downloadTimeoutMs,
    access,
    statuses: former ? [200, 304] : [200],
    headers: {
      ...(former?.etag ? { 'if-none-match': former.etag } : {}),
      ...(former?.lastModified && !former.etag ? { 'if-modified-since': former.lastModified } : {}),
    },
  });
}

/** An unchanged index keeps what was looked up in it. */
function indexFrom({ status, body, headers }: GuardedResponse, former: Index | undefined, readAt: number): Index {
  const text = status === 304 ? undefined : body.toString('utf8');
  const same = former && (text === undefined || text === former.text);
  return {
    text: same ? former.text : (text ?? ''),
    etag: headers['etag'] ?? former?.etag,
    lastModified: headers['last-modified'] ?? former?.lastModified,
    readAt,
    charts: same ? former.charts : new Map(),
  };
}

/** Indexes are kept in memory and asked for again with their ETag; those who ask at one time share one download. */
export function createReadIndex(limits: () => ArchiveLimits, clock: () => number): ReadIndex {
  const indexes = boundedMap<string, Index>(50);
  const running = new Map<string, Promise<Index>>();

  const refresh = async (key: string, access: ChartAccess): Promise<Index> => {
    const former = indexes.get(key);
    const askedAt = clock();
    const index = indexFrom(await download(access, former, limits().maxIndexBytes), former, askedAt);
    indexes.set(key, index);
    return index;
  };

  return async (access, { fresh, signal }) => {
    signal?.throwIfAborted();
    const key = accessDigest(access);
    const known = indexes.get(key);
    if (known && !fresh && clock() - known.readAt < indexTtlMs) return known;
    const joined = running.get(key) ?? refresh(key, access).finally(() => running.delete(key));
    running.set(key, joined);
    return joined;
  };
}
