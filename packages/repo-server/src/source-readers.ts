import type { Mirror, ObjectReader, RepositoryAccess } from '@plumbline/git';
import {
  type BaseRepositories,
  type ChartSources,
  isChartSource,
  type RenderRequest,
  type RenderSurroundings,
  type ResolveRequest,
  type ResolveResult,
  type SiblingSource,
} from '@plumbline/render';
import type { VerifyBase } from './base-repositories.ts';

/** Where a source comes from, at a resolved revision. */
export interface ResolvedSource {
  repoURL: string;
  chart?: string;
  helm?: { passCredentials?: boolean };
  revision: string;
}

export interface ReadOptions {
  project: string;
  signal: AbortSignal;
  /** Ask the remote again, whatever is remembered. */
  fresh?: boolean;
  /** For repositories that kustomizations refer to. */
  verifyBase?: VerifyBase;
}

/** Sources of every kind: repositories of Git, charts of Helm repositories, artifacts of OCI registries. */
export interface SourceReaders {
  resolve(request: ResolveRequest, signal: AbortSignal): Promise<ResolveResult>;
  /** The files of a source. `content` names them where the revision alone does not: a version can be published again. */
  open(source: ResolvedSource, options: ReadOptions): Promise<{ reader: ObjectReader; content: string }>;
  /** What a render may read besides the source itself. */
  surroundings(request: Pick<RenderRequest, 'source' | 'refs'>, options: ReadOptions): RenderSurroundings;
}

export interface SourceReadersOptions {
  charts: ChartSources;
  openMirror(url: string, project: string): Promise<Mirror>;
  /** How a Git repository is reached, with tokens in the place of a GitHub App. */
  access(url: string, project: string): Promise<RepositoryAccess>;
  /** Repositories that kustomizations of a source refer to. */
  bases(sourceURL: string, options: ReadOptions): BaseRepositories;
}

export function createSourceReaders({ charts, openMirror, access, bases }: SourceReadersOptions): SourceReaders {
  const readers: SourceReaders = {
    async resolve(request, signal) {
      const { repoURL, project, targetRevision, tagPrefix } = request;
      if (isChartSource(request)) {
        const chart = request.chart ? { chart: request.chart } : {};
        return { revision: await charts.resolve({ repoURL, ...chart, version: targetRevision, project }, { signal }) };
      }
      const mirror = await openMirror(repoURL, project);
      const { commit, ref, tag } = await mirror.resolve(targetRevision, {
        ...(tagPrefix ? { tagPrefix } : {}),
        signal,
      });
      return { revision: commit, ...(ref ? { ref } : {}), ...(tag ? { tag } : {}) };
    },

    async open({ repoURL, chart, helm, revision }, { project, signal, fresh = false }) {
      if (isChartSource({ repoURL, ...(chart ? { chart } : {}) })) {
        const more = { ...(chart ? { chart } : {}), ...(helm?.passCredentials ? { passCredentials: true } : {}) };
        const reader = await charts.open({ repoURL, version: revision, project, ...more }, { signal, fresh });
        return { reader, content: await reader.rootTree(revision) };
      }
      const mirror = await openMirror(repoURL, project);
      await mirror.ensureCommit(revision, { signal });
      return { reader: mirror, content: '' };
    },

    surroundings({ refs = {}, source: { repoURL, chart, helm } }, options) {
      const { project, signal, fresh = false } = options;
      const passCredentials = helm?.passCredentials ? { passCredentials: true } : {};
      return {
        refs: new Map(
          Object.entries(refs).map(([name, sibling]): [string, SiblingSource] => [
            name,
            { ...sibling, open: async () => (await readers.open(sibling, { project, signal })).reader },
          ]),
        ),
        charts: {
          fetch: (wanted) => charts.fetch({ ...wanted, project, ...passCredentials }, { signal, fresh }),
          archive: (digest) => charts.archive(digest),
          open: ({ version, ...wanted }) =>
            charts.open({ ...wanted, version, project, ...passCredentials }, { signal, fresh }),
        },
        bases: bases(repoURL, options),
        access: async () =>
          isChartSource({ repoURL, ...(chart ? { chart } : {}) }) ? undefined : access(repoURL, project),
        fresh,
      };
    },
  };
  return readers;
}
