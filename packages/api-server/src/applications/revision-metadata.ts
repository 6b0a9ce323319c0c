import { createHash } from 'node:crypto';
import { type Application, type ApplicationSource, sourcesOf } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import type { RevisionMetadata } from '@plumbline/protocol';
import type { RenderQueueRequest, RenderQueueResult, RevisionMetadataRequest } from '@plumbline/render';
import type { Store } from '@plumbline/store';
import { apiFailure } from '../http/api-failure.ts';
import { projectOf } from './filter.ts';

/** Asks the repo-servers about commits. */
export interface Revisions {
  /** Throws what git says of repository and revision, `DeadlineExceeded` where no repo-server answers. */
  metadata(request: Omit<RevisionMetadataRequest, 'kind'>, signal: AbortSignal): Promise<RevisionMetadata>;
  close(): Promise<void>;
}

/** Long enough to bring a large repository for the first time. */
const patienceMs = 60_000;

/** {@link Revisions} over the store's queue `render`. Equal questions at one time are asked once. */
export function createRevisions(store: Pick<Store, 'queue'>): Revisions {
  const queue = store.queue<RenderQueueRequest, RenderQueueResult>('render');
  return {
    async metadata(about, signal) {
      const request: RevisionMetadataRequest = { kind: 'metadata', ...about };
      const id = createHash('sha256').update(JSON.stringify(request)).digest('hex');
      try {
        const answer = await queue.call(id, request, { timeoutMs: patienceMs, signal });
        if ('author' in answer) return answer;
      } catch (error) {
        if (!hasCode(error, 'STORE_TIMEOUT')) throw error;
        const text = `no repo-server answered within ${patienceMs / 1000} s: is one running?`;
        throw apiFailure('DeadlineExceeded', text, error);
      }
      throw apiFailure('Internal', 'the repo-server answered another question');
    },
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
  if (source.chart)
    throw apiFailure('InvalidArgument', `${source.repoURL} holds charts: their versions have no commit`);
  return source;
}

/** The question to a repo-server about a revision of an Application. */
export function metadataRequest(application: Application, choice: RevisionChoice) {
  const { repoURL } = sourceOfRevision(application, choice);
  return { repoURL, project: projectOf(application), revision: choice.revision };
}
