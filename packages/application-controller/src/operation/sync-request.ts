import {
  type Application,
  type ApplicationSource,
  annotations,
  type Operation,
  type OperationState,
  sourcesOf,
} from '@plumbline/apis';
import { parseSyncOptions, type SyncRequest } from '@plumbline/sync';
import type { Migration } from './write-object.ts';

/** The sources that an operation syncs: its own where it brings some, else the Application's (reference §1.4). */
export function operationSources(app: Application, operation: Operation): ApplicationSource[] {
  const { source, sources } = operation.sync ?? {};
  if (sources && sources.length > 0) return sources;
  return source ? [source] : sourcesOf(app.spec);
}

/** The revisions that an operation pins, by source; undefined entries are resolved. */
export function pinnedRevisions(operation: Operation): (string | undefined)[] {
  const { revision, revisions } = operation.sync ?? {};
  return revisions && revisions.length > 0 ? revisions.map((item) => item || undefined) : [revision || undefined];
}

/** Whether the operation syncs just what the Application is compared with: no source, manifests or revision of its own. */
export function syncsComparedTarget(operation: Operation): boolean {
  const { source, sources, manifests } = operation.sync ?? {};
  const brings = source || (sources && sources.length > 0) || (manifests && manifests.length > 0);
  return !brings && pinnedRevisions(operation).every((revision) => revision === undefined);
}

export interface SyncRequestFacts {
  revision: string;
  namespaceExists: boolean;
  waveDelayMs: number;
}

/** How the applies of an operation take over from client-side ones (reference §2.3). */
export function migrationOf({ metadata }: Application, { syncOptions }: Pick<SyncRequest, 'syncOptions'>): Migration {
  const manager = metadata.annotations?.[annotations.clientSideApplyMigrationManager]?.trim();
  return {
    enabled: parseSyncOptions(syncOptions).get('ClientSideApplyMigration') !== 'false',
    managers: manager ? [manager] : [],
  };
}

/** The request that a sync plan is built for, as operation and Application say it. Pure. */
export function syncRequest(app: Application, state: OperationState, facts: SyncRequestFacts): SyncRequest {
  const sync = state.operation.sync ?? {};
  const strategy = sync.syncStrategy?.apply ? 'apply' : 'hook';
  const force = sync.syncStrategy?.apply?.force ?? sync.syncStrategy?.hook?.force ?? false;
  return {
    revision: facts.revision,
    startedAt: state.startedAt,
    prune: sync.prune ?? false,
    dryRun: sync.dryRun ?? false,
    strategy,
    force,
    resources: sync.resources && sync.resources.length > 0 ? sync.resources : undefined,
    syncOptions: sync.syncOptions ?? [],
    namespace: app.spec.destination.namespace ?? '',
    namespaceExists: facts.namespaceExists,
    managedNamespaceMetadata: app.spec.syncPolicy?.managedNamespaceMetadata ?? undefined,
    waveDelayMs: facts.waveDelayMs,
  } as SyncRequest;
}
