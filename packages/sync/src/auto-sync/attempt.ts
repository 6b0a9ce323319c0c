import type { ApplicationSource, OperationState } from '@plumbline/apis';
import { deepEqual } from '@plumbline/manifests';

/** The state of Git that a comparison or an operation is about. */
export interface ComparedState {
  /** Resolved revision; '' with several sources. */
  revision: string;
  /** Resolved revisions, one for each source; undefined with one. */
  revisions: readonly string[] | undefined;
  /** The effective sources. */
  sources: readonly ApplicationSource[];
}

/**
 * The last operation, if it was an attempt at exactly this state (reference §4.3): equal revisions and sources. The
 * wanted revision of a source may be written differently, because the resolved ones are compared. A dry run and an
 * operation with manifests of its own are no attempts.
 */
export function attemptAt(state: ComparedState, last: OperationState | undefined): OperationState | undefined {
  const result = last?.syncResult;
  const sync = last?.operation.sync;
  if (!result || sync?.dryRun || (sync?.manifests?.length ?? 0) > 0) return undefined;
  const tried = result.sources?.length ? result.sources : result.source ? [result.source] : [];
  const sameRevisions = state.revisions
    ? deepEqual(result.revisions ?? [], [...state.revisions])
    : result.revision === state.revision;
  return sameRevisions && sameSources(tried, state.sources) ? last : undefined;
}

function sameSources(a: readonly ApplicationSource[], b: readonly ApplicationSource[]): boolean {
  return deepEqual(a.map(withoutWantedRevision), b.map(withoutWantedRevision));
}

function withoutWantedRevision(source: ApplicationSource): ApplicationSource {
  return { ...source, targetRevision: undefined };
}

/** `[abc, def]`, as messages name revisions. */
export function revisionList({ revision, revisions }: ComparedState): string {
  return `[${(revisions ?? [revision]).join(', ')}]`;
}
