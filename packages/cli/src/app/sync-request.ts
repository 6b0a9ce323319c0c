import type { Application } from '@plumbline/apis';
import type { BodyInput } from '@plumbline/protocol';
import { chooseResources } from './resource-choice.ts';
import { type SourceRevisionFlags, sourceRevisions } from './source-revisions.ts';

/** Flags of `plumb app sync` that end up in the request (reference §14). */
export interface SyncFlags extends SourceRevisionFlags {
  prune?: boolean;
  dryRun?: boolean;
  force?: boolean;
  replace?: boolean;
  serverSide?: boolean;
  applyOutOfSyncOnly?: boolean;
  resource?: string[];
  revision?: string;
  strategy?: 'apply' | 'hook';
  retryLimit?: number;
  retryBackoffDuration?: string;
  retryBackoffMaxDuration?: string;
  retryBackoffFactor?: number;
  retryRefresh?: boolean;
  info?: string[];
  /** The hash of the plan that it is to be. */
  plan?: string;
}

/** The Application's own options with those of the flags; undefined where no flag adds any. */
function syncOptions(application: Application, flags: SyncFlags): { items: string[] } | undefined {
  const added = [
    ...(flags.replace ? ['Replace=true'] : []),
    ...(flags.serverSide ? ['ServerSideApply=true'] : []),
    ...(flags.applyOutOfSyncOnly ? ['ApplyOutOfSyncOnly=true'] : []),
  ];
  if (added.length === 0) return undefined;
  return { items: [...new Set([...(application.spec.syncPolicy?.syncOptions ?? []), ...added])] };
}

function retryOf(flags: SyncFlags): BodyInput<'syncApplication'>['retryStrategy'] {
  const { retryLimit, retryBackoffDuration, retryBackoffFactor, retryBackoffMaxDuration, retryRefresh } = flags;
  if (!retryLimit) return undefined;
  const backoff = {
    ...(retryBackoffDuration ? { duration: retryBackoffDuration } : {}),
    ...(retryBackoffFactor ? { factor: retryBackoffFactor } : {}),
    ...(retryBackoffMaxDuration ? { maxDuration: retryBackoffMaxDuration } : {}),
  };
  return {
    limit: retryLimit,
    ...(Object.keys(backoff).length > 0 ? { backoff } : {}),
    ...(retryRefresh ? { refresh: true } : {}),
  };
}

function strategyOf({ strategy, force }: SyncFlags): BodyInput<'syncApplication'>['strategy'] {
  if (!strategy && !force) return undefined;
  return { [strategy ?? 'hook']: force ? { force: true } : {} };
}

/** The body of a sync request for an Application. Throws Fatal where `--resource` chooses nothing. */
export function syncRequest(application: Application, flags: SyncFlags): BodyInput<'syncApplication'> {
  const infos = (flags.info ?? []).map((text) => {
    const equals = text.indexOf('=');
    return { name: text.slice(0, equals < 0 ? undefined : equals), value: equals < 0 ? '' : text.slice(equals + 1) };
  });
  return {
    ...(flags.revision ? { revision: flags.revision } : {}),
    ...sourceRevisions(application, flags),
    ...(flags.prune ? { prune: true } : {}),
    ...(flags.dryRun ? { dryRun: true } : {}),
    strategy: strategyOf(flags),
    resources: chooseResources(application, flags.resource ?? []),
    retryStrategy: retryOf(flags),
    syncOptions: syncOptions(application, flags),
    ...(infos.length > 0 ? { infos } : {}),
    ...(flags.plan ? { plan: flags.plan } : {}),
  };
}
