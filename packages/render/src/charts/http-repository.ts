import { PlumblineError } from '@plumbline/errors';
import { guardedFetch, publicUrl } from '../network/guarded-fetch.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { selectVersion, versionNotFound } from './chart-version.ts';
import { accessDigest, checkDigest } from './digests.ts';
import { createReadIndex, type Index, indexUrl } from './http-index.ts';
import { allCharts, chartEntries, type IndexEntry } from './repository-index.ts';
import type { ChartAccess, ChartOptions, ChartReference, ChartRepository, LocatedChart } from './types.ts';

const maxArchiveBytes = 100 * 1024 * 1024;
const downloadTimeoutMs = 120_000;

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

interface NamedChart {
  chart: string;
  /** Or a range. */
  version: string;
}

/** The version of a chart that is wanted. Throws `CHART_NOT_FOUND`, `CHART_VERSION_NOT_FOUND`. */
function findEntry(index: Index, { chart, version: wanted }: NamedChart, url: string): IndexEntry {
  const entries = index.charts.get(chart) ?? chartEntries(index.text, chart, publicUrl(indexUrl(url)));
  index.charts.set(chart, entries);
  if (!entries) {
    throw new PlumblineError('CHART_NOT_FOUND', `${publicUrl(url)} has no chart ${chart}`, {
      hint: 'check chart and repoURL of the source',
    });
  }
  const versions = entries.map(({ version }) => version);
  const selected = selectVersion(versions, wanted);
  const entry = entries.find(({ version }) => version === selected);
  if (entry) return entry;
  throw versionNotFound(`chart ${chart} of ${publicUrl(url)}`, wanted, versions);
}

function locateArchive(entry: IndexEntry, reference: ChartReference, access: ChartAccess): LocatedChart {
  const { version, urls, digest } = entry;
  const [written] = urls;
  const name = `chart ${reference.chart} ${version}`;
  if (!written) throw new PlumblineError('CHART_INDEX', `the index of ${publicUrl(access.url)} has no URL of ${name}`);
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
}

/** Helm repositories over HTTP (reference §7.2). */
export function httpRepositories(limits: () => ArchiveLimits, clock: () => number = Date.now): ChartRepository {
  const read = createReadIndex(limits, clock);

  const find = async (reference: ChartReference, access: ChartAccess, options: ChartOptions): Promise<IndexEntry> => {
    const chart = requireChart(reference);
    return findEntry(await read(access, options), { chart, version: reference.version }, access.url);
  };

  return {
    charts: async (access, options) => allCharts((await read(access, options)).text, publicUrl(indexUrl(access.url))),

    resolve: async (reference, access, options) => (await find(reference, access, options)).version,

    locate: async (reference, access, options) =>
      locateArchive(await find(reference, access, options), reference, access),
  };
}
