import { createHash } from 'node:crypto';
import { type Application, type ApplicationSource, sourcesOf } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import { type ChartDetails, type OciMetadata, ociMetadataSchema, type RevisionMetadata } from '@plumbline/protocol';
import type {
  ArtifactMetadataRequest,
  ChartDetailsRequest,
  RenderQueueRequest,
  RenderQueueResult,
  RevisionMetadataRequest,
} from '@plumbline/render';
import type { Store } from '@plumbline/store';
import { apiFailure } from '../http/api-failure.ts';
import { projectOf } from './filter.ts';

/** Asks the repo-servers about revisions. Throws what they say of it, `DeadlineExceeded` where none answers. */
export interface Revisions {
  /** Of a commit. */
  metadata(request: RevisionMetadataRequest, signal: AbortSignal): Promise<RevisionMetadata>;
  chartDetails(request: ChartDetailsRequest, signal: AbortSignal): Promise<ChartDetails>;
  ociMetadata(request: ArtifactMetadataRequest, signal: AbortSignal): Promise<OciMetadata>;
  close(): Promise<void>;
}

/** Long enough to bring a large repository for the first time. */
const patienceMs = 60_000;

/** {@link Revisions} over the store's queue `render`. Equal questions at one time are asked once. */
export function createRevisions(store: Pick<Store, 'queue'>): Revisions {
  const queue = store.queue<RenderQueueRequest, RenderQueueResult>('render');
  const ask = async (request: RenderQueueRequest, signal: AbortSignal): Promise<RenderQueueResult> => {
    const id = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    try {
      return await queue.call(id, request, { timeoutMs: patienceMs, signal });
    } catch (error) {
      if (!hasCode(error, 'STORE_TIMEOUT')) throw error;
      const text = `no repo-server answered within ${patienceMs / 1000} s: is one running?`;
      throw apiFailure('DeadlineExceeded', text, error);
    }
  };
  return {
    async metadata(request, signal) {
      const answer = await ask(request, signal);
      if ('author' in answer) return answer;
      throw apiFailure('Internal', 'the repo-server answered another question');
    },
    async chartDetails(request, signal) {
      const answer = await ask(request, signal);
      if ('maintainers' in answer) return answer;
      throw apiFailure('Internal', 'the repo-server answered another question');
    },
    ociMetadata: async (request, signal) => ociMetadataSchema.parse(await ask(request, signal)),
    close: () => queue.close(),
  };
}

/** How a request picks the source that a revision is of. */
export interface RevisionChoice {
  revision: string;
  sourceIndex?: number | undefined;
  versionId?: number | undefined;
}

function historicSources({ status }: Application, versionId: number): readonly ApplicationSource[] {
  const entry = status?.history?.find(({ id }) => id === versionId);
  if (!entry) throw apiFailure('NotFound', `the history of the application has no entry ${versionId}`);
  return entry.sources?.length ? entry.sources : entry.source ? [entry.source] : [];
}

/**
 * The source that a revision is of: of the history entry where one is named, by index where one is given, else the one
 * that was last compared at this revision, else the first.
 */
export function sourceOfRevision(application: Application, choice: RevisionChoice): ApplicationSource {
  const { revision, sourceIndex, versionId } = choice;
  const sources = versionId === undefined ? sourcesOf(application.spec) : historicSources(application, versionId);
  const compared = application.status?.sync?.revisions?.indexOf(revision) ?? -1;
  const source = sources[sourceIndex ?? Math.max(compared, 0)];
  if (!source) throw apiFailure('InvalidArgument', `the application has no source ${sourceIndex ?? 0}`);
  return source;
}

function isArtifact({ repoURL, chart }: ApplicationSource): boolean {
  return !chart && /^oci:\/\//i.test(repoURL);
}

/** The question to a repo-server about a commit of an Application. */
export function metadataRequest(application: Application, choice: RevisionChoice): RevisionMetadataRequest {
  const source = sourceOfRevision(application, choice);
  const { repoURL } = source;
  if (source.chart) {
    throw apiFailure('InvalidArgument', `${repoURL} holds charts: their versions have no commit, but chartdetails`);
  }
  if (isArtifact(source)) {
    throw apiFailure('InvalidArgument', `${repoURL} is an OCI artifact: it has no commit, but ocimetadata`);
  }
  return { kind: 'metadata', repoURL, project: projectOf(application), revision: choice.revision };
}

/** The question about a version of a chart. */
export function chartDetailsRequest(application: Application, choice: RevisionChoice): ChartDetailsRequest {
  const source = sourceOfRevision(application, choice);
  const { repoURL, chart, helm } = source;
  if (!chart && !isArtifact(source)) throw apiFailure('InvalidArgument', `the source ${repoURL} is no chart`);
  return {
    kind: 'chart-details',
    repoURL,
    project: projectOf(application),
    revision: choice.revision,
    ...(chart ? { chart } : {}),
    ...(helm?.passCredentials ? { passCredentials: true } : {}),
  };
}

/** The question about an OCI artifact. */
export function ociMetadataRequest(application: Application, choice: RevisionChoice): ArtifactMetadataRequest {
  const source = sourceOfRevision(application, choice);
  const { repoURL } = source;
  if (!isArtifact(source)) throw apiFailure('InvalidArgument', `the source ${repoURL} is no OCI artifact`);
  return { kind: 'artifact-metadata', repoURL, project: projectOf(application), revision: choice.revision };
}
