import { PlumblineError } from '@plumbline/errors';
import type { ObjectReader } from '@plumbline/git';
import { publicUrl } from '../network/guarded-fetch.ts';
import { type ArchiveReader, readArchive } from './archive-reader.ts';
import { createArchiveStore } from './archive-store.ts';
import { httpRepositories } from './http-repository.ts';
import { ociRegistries } from './oci-repository.ts';
import type { ChartAccess, ChartReference, ChartRepository, ChartSources } from './types.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface ChartSourcesOptions {
  /** For archives. */
  folder: string;
  /** How to reach a repository for a project. */
  access(url: string, project: string): ChartAccess;
  /** The URL of a repository that a Secret declares under a name. */
  declared(name: string, project: string): string | undefined;
}

/** Bytes of unpacked archives kept in memory. */
const maxUnpackedBytes = 64 * 1024 * 1024;

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

/** Charts for all renders of a repo-server. */
export function createChartSources(options: ChartSourcesOptions): ChartSources {
  const http = httpRepositories();
  const oci = ociRegistries();
  const store = createArchiveStore(options.folder);
  const unpacked = new Map<string, Promise<ArchiveReader>>();
  let unpackedBytes = 0;

  const locate = (
    given: ChartReference,
  ): { repository: ChartRepository; reference: ChartReference; access: ChartAccess } => {
    requireVersion(given);
    const declared = /^(?:@|alias:)(.+)$/.exec(given.repoURL)?.[1];
    const repoURL = declared === undefined ? given.repoURL : options.declared(declared, given.project);
    if (repoURL === undefined) {
      throw new PlumblineError('CHART_NOT_FOUND', `no repository is declared with the name ${declared}`, {
        hint: `declare it by a Secret of type helm whose name is ${declared}`,
      });
    }
    const reference = { ...given, repoURL };
    if (isHttp(repoURL)) return { repository: http, reference, access: options.access(repoURL, given.project) };
    return { repository: oci, reference, access: registryAccess(options, repoURL, given.project) };
  };

  const unpack = async (digest: string, name: string, strip: boolean): Promise<ArchiveReader> => {
    const archive = await store.read(digest);
    if (!archive) throw new PlumblineError('CHART_ARCHIVE', `the archive of ${name} is gone`, { retry: 'transient' });
    const reader = readArchive(await unpackArchive(archive, { name, strip }), name);
    unpackedBytes += reader.bytes;
    return reader;
  };

  const forget = async (keep: string): Promise<void> => {
    for (const [key, opening] of unpacked) {
      if (unpackedBytes <= maxUnpackedBytes) return;
      if (key === keep) continue;
      unpacked.delete(key);
      unpackedBytes -= (await opening).bytes;
    }
  };

  const open = async (digest: string, name: string, strip: boolean): Promise<ObjectReader> => {
    const key = `${digest} ${strip}`;
    const opening = unpacked.get(key) ?? unpack(digest, name, strip);
    unpacked.delete(key);
    unpacked.set(key, opening);
    opening.catch(() => unpacked.delete(key));
    const reader = await opening;
    await forget(key);
    return reader;
  };

  const sources: ChartSources = {
    async resolve(given, more = {}) {
      const { repository, reference, access } = locate(given);
      return repository.resolve(reference, access, more);
    },
    async fetch(given, more = {}) {
      const { repository, reference, access } = locate(given);
      const located = await repository.locate(reference, access, more);
      return { version: located.version, digest: await store.fetch(located, more) };
    },
    async open(given, more = {}) {
      const { repository, reference, access } = locate(given);
      const located = await repository.locate(reference, access, more);
      const digest = await store.fetch(located, more);
      const name = given.chart ? `chart ${given.chart} ${located.version}` : publicUrl(given.repoURL);
      return open(digest, name, located.isChart);
    },
    archive: (digest) => store.path(digest),
  };
  return sources;
}
