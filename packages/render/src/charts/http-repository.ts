import { createHash } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import { boundedMap } from '../bounded-map.ts';
import { canonicalJson } from '../digest.ts';
import { guardedFetch, publicUrl } from '../network/guarded-fetch.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { selectVersion, versionNotFound } from './chart-version.ts';
import { allCharts, chartEntries, type IndexEntry } from './repository-index.ts';
import type { ChartAccess, ChartOptions, ChartReference, ChartRepository } from './types.ts';

/** For this long an index is believed without a question to the server. */
const indexTtlMs = 5_000;
const maxArchiveBytes = 100 * 1024 * 1024;
const downloadTimeoutMs = 120_000;

interface Index {
  text: string;
  etag: string | undefined;
  lastModified: string | undefined;
  readAt: number;
  /** What was looked up in it, by chart. */
  charts: Map<string, IndexEntry[] | undefined>;
}

/** A digest of credentials and trust, as part of keys: what one identity read is not for another. */
export function accessDigest(access: ChartAccess): string {
  return createHash('sha256').update(canonicalJson(access)).digest('hex').slice(0, 32);
}

function indexUrl(repoURL: string): string {
  const url = new URL(repoURL);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/index.yaml`;
  return url.href;
}

/** Where the archive is: absolute, or relative to the repository. */
function archiveUrl(repoURL: string, written: string): string {
  const base = new URL(repoURL);
  base.pathname = `${base.pathname.replace(/\/+$/, '')}/`;
  const url = new URL(written, base);
  if (url.origin === base.origin && url.search === '') url.search = base.search;
  return url.href;
}

function requireChart({ repoURL, chart }: ChartReference): string {
  if (chart) return chart;
  throw new PlumblineError(
    'CHART_NOT_FOUND',
    `${publicUrl(repoURL)} is a Helm repository, and no chart of it is named`,
  );
}

/** Helm repositories over HTTP (reference §7.2). The index is kept in memory and asked for again with its ETag. */
export function httpRepositories(limits: () => ArchiveLimits, clock: () => number = Date.now): ChartRepository {
  const indexes = boundedMap<string, Index>(50);
  const running = new Map<string, Promise<Index>>();

  const download = async (key: string, access: ChartAccess): Promise<Index> => {
    const former = indexes.get(key);
    const askedAt = clock();
    const answer = await guardedFetch(indexUrl(access.url), {
      maxBytes: limits().maxIndexBytes,
      timeoutMs: downloadTimeoutMs,
      access,
      statuses: former ? [200, 304] : [200],
      headers: {
        ...(former?.etag ? { 'if-none-match': former.etag } : {}),
        ...(former?.lastModified && !former.etag ? { 'if-modified-since': former.lastModified } : {}),
      },
    });
    const text = answer.status === 304 ? undefined : answer.body.toString('utf8');
    const same = former && (text === undefined || text === former.text);
    const index: Index = {
      text: same ? former.text : (text ?? ''),
      etag: answer.headers['etag'] ?? former?.etag,
      lastModified: answer.headers['last-modified'] ?? former?.lastModified,
      readAt: askedAt,
      charts: same ? former.charts : new Map(),
    };
    indexes.set(key, index);
    return index;
  };

  const read = async (access: ChartAccess, { fresh, signal }: ChartOptions): Promise<Index> => {
    signal?.throwIfAborted();
    const key = accessDigest(access);
    const known = indexes.get(key);
    if (known && !fresh && clock() - known.readAt < indexTtlMs) return known;
    const joined = running.get(key) ?? download(key, access).finally(() => running.delete(key));
    running.set(key, joined);
    return joined;
  };

  const find = async (reference: ChartReference, access: ChartAccess, options: ChartOptions): Promise<IndexEntry> => {
    const chart = requireChart(reference);
    const index = await read(access, options);
    const entries = index.charts.get(chart) ?? chartEntries(index.text, chart, publicUrl(indexUrl(access.url)));
    index.charts.set(chart, entries);
    if (!entries) {
      throw new PlumblineError('CHART_NOT_FOUND', `${publicUrl(access.url)} has no chart ${chart}`, {
        hint: 'check chart and repoURL of the source',
      });
    }
    const versions = entries.map(({ version }) => version);
    const selected = selectVersion(versions, reference.version);
    const entry = entries.find(({ version }) => version === selected);
    if (entry) return entry;
    throw versionNotFound(`chart ${chart} of ${publicUrl(access.url)}`, reference.version, versions);
  };

  return {
    charts: async (access, options) => allCharts((await read(access, options)).text, publicUrl(indexUrl(access.url))),

    resolve: async (reference, access, options) => (await find(reference, access, options)).version,

    async locate(reference, access, options) {
      const { version, urls, digest } = await find(reference, access, options);
      const [written] = urls;
      const name = `chart ${reference.chart} ${version}`;
      if (!written)
        throw new PlumblineError('CHART_INDEX', `the index of ${publicUrl(access.url)} has no URL of ${name}`);
      const url = archiveUrl(access.url, written);
      return {
        version,
        isChart: true,
        key: `${accessDigest(access)} ${url} ${digest ?? ''}`,
        async download({ signal }) {
          const { body } = await guardedFetch(url, {
            maxBytes: maxArchiveBytes,
            timeoutMs: downloadTimeoutMs,
            access,
            origin: new URL(access.url).origin,
            passCredentials: reference.passCredentials === true,
            signal,
          });
          checkDigest(body, digest, `${name} from ${publicUrl(url)}`);
          return body;
        },
      };
    },
  };
}

/** Throws `CHART_DIGEST` where content is not what the repository says it is. */
export function checkDigest(content: Buffer, digest: string | undefined, name: string): void {
  if (digest === undefined) return;
  const found = createHash('sha256').update(content).digest('hex');
  if (found === digest) return;
  throw new PlumblineError(
    'CHART_DIGEST',
    `${name} is not what its repository says: it has the digest ${found}, not ${digest}`,
    {
      retry: 'transient',
      hint: 'publish the chart and its index again',
    },
  );
}
