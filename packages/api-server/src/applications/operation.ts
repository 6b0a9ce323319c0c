import { type Application, type Operation, type RetryStrategy, type SyncStrategy, sourcesOf } from '@plumbline/apis';
import { planFact, type SyncRequestBody } from '@plumbline/protocol';
import { apiFailure } from '../http/api-failure.ts';

/** Whether automation may start syncs of the Application (reference §1.3). */
export function isAutomated(application: Application): boolean {
  const automated = application.spec.syncPolicy?.automated;
  return automated !== undefined && automated.enabled !== false;
}

/** Throws FailedPrecondition while another operation is requested or the Application is being deleted (reference §1.4). */
export function checkFree(application: Application): void {
  if (application.metadata.deletionTimestamp) {
    throw apiFailure('FailedPrecondition', `application ${application.metadata.name} is being deleted`);
  }
  if (application.operation) throw apiFailure('FailedPrecondition', 'another operation is already in progress');
}

/** Automation would undo a sync to another revision or to local manifests at once: both are refused (reference §8.5). */
function checkAutomation(application: Application, request: SyncRequestBody): void {
  if (!isAutomated(application) || request.dryRun) return;
  if (request.manifests && request.manifests.length > 0) {
    throw apiFailure(
      'FailedPrecondition',
      'Cannot use local sync when Automatic Sync Policy is enabled unless for dry run',
    );
  }
  const targets = sourcesOf(application.spec).map((source) => source.targetRevision || 'HEAD');
  const wanted = [request.revision, ...(request.revisions ?? [])].filter((revision) => revision);
  const other = wanted.find((revision) => revision !== undefined && revision !== null && !targets.includes(revision));
  if (other) {
    throw apiFailure('FailedPrecondition', `Cannot sync to ${other}: auto-sync currently set to ${targets.join(', ')}`);
  }
}

/** One revision per source: the request's at its positions (counted from 1), the Application's own elsewhere. */
export function revisionsOf(
  application: Application,
  request: Pick<SyncRequestBody, 'revisions' | 'sourcePositions'>,
): string[] | undefined {
  const { revisions, sourcePositions } = request;
  if (!revisions || revisions.length === 0) return undefined;
  if (!sourcePositions || sourcePositions.length === 0) return revisions;
  if (sourcePositions.length !== revisions.length) {
    throw apiFailure('InvalidArgument', 'revisions and sourcePositions must have the same length');
  }
  const all = sourcesOf(application.spec).map((source) => source.targetRevision ?? '');
  for (const [index, position] of sourcePositions.entries()) {
    const at = Number(position) - 1;
    if (at < 0 || at >= all.length) throw apiFailure('InvalidArgument', `there is no source at position ${position}`);
    all[at] = revisions[index] ?? '';
  }
  return all;
}

function strategyOf(strategy: SyncRequestBody['strategy']): SyncStrategy | undefined {
  if (strategy?.apply) return { apply: strategy.apply };
  return strategy?.hook ? { hook: strategy.hook } : undefined;
}

/**
 * The operation that a sync request asks for (reference §8.2). Sync options and retry strategy come from the Application
 * where the request has none. Throws where the Application's state forbids it.
 */
export function syncOperation(application: Application, request: SyncRequestBody, username: string): Operation {
  checkFree(application);
  checkAutomation(application, request);
  const { syncPolicy } = application.spec;
  const syncOptions = request.syncOptions ? (request.syncOptions.items ?? []) : syncPolicy?.syncOptions;
  const retry: RetryStrategy | undefined = request.retryStrategy ?? syncPolicy?.retry;
  const revisions = revisionsOf(application, request);
  const strategy = strategyOf(request.strategy);
  const info = [...(request.infos ?? []), ...(request.plan ? [{ name: planFact, value: request.plan }] : [])];
  return {
    sync: {
      ...(request.revision ? { revision: request.revision } : {}),
      ...(revisions ? { revisions } : {}),
      ...(request.prune ? { prune: true } : {}),
      ...(request.dryRun ? { dryRun: true } : {}),
      ...(strategy ? { syncStrategy: strategy } : {}),
      ...(request.resources && request.resources.length > 0 ? { resources: request.resources } : {}),
      ...(request.manifests && request.manifests.length > 0 ? { manifests: request.manifests } : {}),
      ...(syncOptions && syncOptions.length > 0 ? { syncOptions } : {}),
    },
    initiatedBy: { username },
    ...(info.length > 0 ? { info } : {}),
    ...(retry ? { retry } : {}),
  };
}

export interface RollbackRequest {
  id: number;
  dryRun?: boolean | null | undefined;
  prune?: boolean | null | undefined;
  /** Automation has been told to leave out what came later. */
  overrides?: boolean;
}

/** Where the entry of an id is in a history; 0 is the one before the newest, where no entry has that id. */
export function rollbackIndex(history: readonly { id: number }[], wanted: number): number {
  const index = history.findIndex(({ id }) => id === wanted);
  return index < 0 && wanted === 0 ? history.length - 2 : index;
}

/**
 * The operation that goes back to an entry of the history: its sources and revisions, applied without hooks (reference
 * §8.2). `id` 0 is the entry before the newest.
 */
export function rollbackOperation(application: Application, request: RollbackRequest, username: string): Operation {
  checkFree(application);
  if (isAutomated(application) && !request.overrides) {
    throw apiFailure('FailedPrecondition', 'rollback cannot be initiated when auto-sync is enabled');
  }
  const history = application.status?.history ?? [];
  const entry = history[rollbackIndex(history, request.id)];
  if (!entry) {
    const name = application.metadata.name;
    throw apiFailure('InvalidArgument', `application ${name} does not have deployment with id ${request.id}`);
  }
  const { revision, revisions, source, sources } = entry;
  const { syncOptions } = application.spec.syncPolicy ?? {};
  return {
    sync: {
      ...(revision ? { revision } : {}),
      ...(revisions ? { revisions } : {}),
      ...(source ? { source } : {}),
      ...(sources ? { sources } : {}),
      ...(request.dryRun ? { dryRun: true } : {}),
      ...(request.prune ? { prune: true } : {}),
      ...(syncOptions ? { syncOptions } : {}),
      syncStrategy: { apply: {} },
    },
    initiatedBy: { username },
  };
}
