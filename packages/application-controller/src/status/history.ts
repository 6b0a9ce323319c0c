import { type Application, hasMultipleSources, type OperationState, type RevisionHistory } from '@plumbline/apis';
import { revisionFields } from './application-status.ts';

const defaultLimit = 10;

/**
 * The history after an operation succeeded: one entry more, the oldest trimmed to `revisionHistoryLimit` (reference
 * §1.1, §2.4). Dry runs, selective syncs and failures leave it as it is.
 */
export function appendHistory(
  app: Application,
  state: OperationState,
  options: { revisions: readonly string[] },
): RevisionHistory[] {
  const former = app.status?.history ?? [];
  const { sync, initiatedBy } = state.operation;
  if (state.phase !== 'Succeeded' || !sync || sync.dryRun || (sync.resources?.length ?? 0) > 0) return [...former];
  const multiple = hasMultipleSources(app.spec) || (state.syncResult?.sources?.length ?? 0) > 0;
  const entry: RevisionHistory = {
    id: (former.at(-1)?.id ?? -1) + 1,
    ...revisionFields(multiple, options.revisions),
    deployStartedAt: state.startedAt,
    deployedAt: state.finishedAt ?? state.startedAt,
    ...(multiple ? { sources: state.syncResult?.sources } : { source: state.syncResult?.source }),
    ...(initiatedBy ? { initiatedBy } : {}),
  };
  const limit = app.spec.revisionHistoryLimit ?? defaultLimit;
  return limit > 0 ? [...former, entry].slice(-limit) : [];
}
