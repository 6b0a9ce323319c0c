import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { Metrics } from '@plumbline/telemetry';
import { publicUrl } from '../network/guarded-fetch.ts';
import { measuredRegistries } from '../oci/oci-metrics.ts';
import { ociRegistries } from '../oci/oci-repository.ts';
import { type ArchiveLimits, defaultArchiveLimits } from './archive-limits.ts';
import { createArchiveStore } from './archive-store.ts';
import { createFetchMemory, type FetchedArchive } from './fetch-memory.ts';
import { httpRepositories } from './http-repository.ts';
import type { ChartAccess, ChartOptions, ChartReference, ChartRepository, ChartSources } from './types.ts';
import { createUnpackedArchives } from './unpacked-archives.ts';

export interface ChartSourcesOptions {
  /** For archives. What is left of a former process is used, and pruned, like what comes. */
  folder: string;
  /** How to reach a repository for a project. */
  access(url: string, project: string): ChartAccess;
  /** Exchanges identities of clouds for tokens. Default: none has one. */
  exchange?(access: ChartAccess): Promise<ChartAccess>;
  /** The URL of a repository that a Secret declares under a name. */
  declared(name: string, project: string): string | undefined;
  /** Asked for each archive, so that changed settings hold at once. */
  limits?(): Partial<ArchiveLimits>;
  /** Bytes of archives kept on disk, and of what they unpack to. Default 1 GiB each. */
  maxKeptBytes?: number;
  metrics?: Metrics;
  clock?: () => number;
}

/** Whether a source is a chart or an artifact, not a repository of Git. */
export function isChartSource({ repoURL, chart }: { repoURL: string; chart?: string }): boolean {
  return Boolean(chart) || /^oci:\/\//i.test(repoURL);
}

function isHttp(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

/** Access for a registry, whose Secret may name it with or without `oci://`. */
function registryAccess(options: ChartSourcesOptions, url: string, project: string): ChartAccess {
  const bare = url.replace(/^oci:\/\//i, '');
  const found = [url, bare, `oci://${bare}`].map((form) => options.access(form, project));
  const credentials = found.find((access) =>
    Object.keys(access).some((key) => key !== 'url' && key !== 'certificateAuthority'),
  );
  return { ...Object.assign({}, ...found), ...credentials, url: bare };
}

function requireVersion(reference: ChartReference): void {
  if (reference.version.trim() !== '' || !reference.chart) return;
  throw new PlumblineError('RENDER_INVALID_SOURCE', `chart ${reference.chart}: targetRevision is required`, {
    hint: 'set targetRevision to a version of the chart, or to a constraint like "1.*"',
  });
}

interface Located {
  repository: ChartRepository;
  reference: ChartReference;
  access: ChartAccess;
}

/** Which repository a reference is for, and how it is reached. Throws `CHART_NOT_FOUND` for a name that nobody declared. */
function locator(
  options: ChartSourcesOptions,
  { http, oci }: { http: ChartRepository; oci: ChartRepository },
): (given: ChartReference) => Promise<Located> {
  const exchange = (access: ChartAccess) => options.exchange?.(access) ?? Promise.resolve(access);
  return async (given) => {
    requireVersion(given);
    const declared = /^(?:@|alias:)(.+)$/.exec(given.repoURL)?.[1];
    const repoURL = declared === undefined ? given.repoURL : options.declared(declared, given.project);
    if (repoURL === undefined) {
      throw new PlumblineError('CHART_NOT_FOUND', `no repository is declared with the name ${declared}`, {
        hint: `declare it by a Secret of type helm whose name is ${declared}`,
      });
    }
    const reference = { ...given, repoURL };
    const { project } = given;
    if (isHttp(repoURL))
      return { repository: http, reference, access: await exchange(options.access(repoURL, project)) };
    return { repository: oci, reference, access: await exchange(registryAccess(options, repoURL, project)) };
  };
}

/** Charts for all renders of a repo-server. */
export function createChartSources(options: ChartSourcesOptions): ChartSources {
  const { folder, maxKeptBytes, clock = Date.now } = options;
  const limits = (): ArchiveLimits => ({ ...defaultArchiveLimits, ...options.limits?.() });
  const kept = maxKeptBytes === undefined ? {} : { maxBytes: maxKeptBytes };
  const http = httpRepositories(limits, clock);
  const oci = measuredRegistries(ociRegistries(limits), options.metrics);
  const store = createArchiveStore({ folder, clock, ...kept });
  const unpacked = createUnpackedArchives({ folder: join(folder, 'unpacked'), store, clock, ...kept });
  const memory = createFetchMemory({ clock, allowedBy: () => limits().layerMediaTypes });

  const exchange = (access: ChartAccess) => options.exchange?.(access) ?? Promise.resolve(access);
  const locate = locator(options, { http, oci });

  const fetch = async (given: ChartReference, more: ChartOptions): Promise<FetchedArchive> => {
    const { repository, reference, access } = await locate(given);
    if (more.fresh) memory.forget(reference, access);
    const known = memory.get(reference, access);
    if (known && (await store.path(known.digest))) return known;
    const located = await repository.locate(reference, access, more);
    const digest = await store.fetch(located, more);
    const fetched = { version: located.version, digest, isChart: located.isChart };
    memory.set(reference, access, fetched);
    return fetched;
  };

  return {
    async resolve(given, more = {}) {
      const { repository, reference, access } = await locate(given);
      return repository.resolve(reference, access, more);
    },
    async fetch(given, more = {}) {
      const { version, digest } = await fetch(given, more);
      return { version, digest };
    },
    async open(given, more = {}) {
      const { version, digest, isChart } = await fetch(given, more);
      const { maxChartBytes, maxArtifactBytes } = limits();
      const [name, maxBytes, kind] = given.chart
        ? [`chart ${given.chart} ${version}`, maxChartBytes, 'helm']
        : [publicUrl(given.repoURL), maxArtifactBytes, 'oci'];
      const setting = `reposerver.${kind}.manifest.max.extracted.size`;
      return unpacked.open(digest, { name, strip: isChart, maxBytes, setting });
    },
    archive: (digest) => store.path(digest),
    async charts({ repoURL, project, access = options.access(repoURL, project) }, more = {}) {
      return (await http.charts?.(await exchange(access), more)) ?? [];
    },
    async tags({ repoURL, project, access = registryAccess(options, repoURL, project) }, more = {}) {
      return (await oci.tags?.(repoURL, await exchange(access), more)) ?? [];
    },
    async checkRegistry({ repoURL, project, access = registryAccess(options, repoURL, project) }, more = {}) {
      await oci.check?.(repoURL, await exchange(access), more);
    },
    async annotations(given, more = {}) {
      const { repository, reference, access } = await locate(given);
      return (await repository.annotations?.(reference, access, more)) ?? {};
    },
  };
}
