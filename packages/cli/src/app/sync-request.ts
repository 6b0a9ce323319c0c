import { type Application, sourcesOf } from '@plumbline/apis';
import type { BodyInput } from '@plumbline/protocol';
import { Fatal } from '../fatal.ts';
import { chooseResources } from './resource-choice.ts';

/** Flags of `plumb app sync` that end up in the request (reference §14). */
export interface SyncFlags {
  prune?: boolean;
  dryRun?: boolean;
  force?: boolean;
  replace?: boolean;
  serverSide?: boolean;
  applyOutOfSyncOnly?: boolean;
  resource?: string[];
  revision?: string;
  revisions?: string[];
  /** From 1. */
  sourcePositions?: number[];
  sourceNames?: string[];
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

/** Revisions of some of several sources, by their places. Throws Fatal where a name is unknown or the two do not go together. */
function sourceRevisions(
  application: Application,
  flags: SyncFlags,
): Pick<BodyInput<'syncApplication'>, 'revisions' | 'sourcePositions'> {
  const { revisions, sourceNames = [] } = flags;
  const sources = sourcesOf(application.spec);
  const named = sourceNames.map((wanted) => {
    const index = sources.findIndex(({ name }) => name === wanted);
    if (index >= 0) return index + 1;
    throw new Fatal(`application ${application.metadata.name} has no source "${wanted}"`, {
      next: `its sources are ${sources.map(({ name, repoURL }) => name ?? repoURL).join(', ')}`,
      exitCode: 1,
    });
  });
  const sourcePositions = [...(flags.sourcePositions ?? []), ...named];
  if (!revisions && sourcePositions.length === 0) return {};
  if (revisions?.length === sourcePositions.length) return { revisions, sourcePositions };
  throw new Fatal(`${revisions?.length ?? 0} revisions are given for ${sourcePositions.length} sources`, {
    next: 'give --revisions and --source-positions (or --source-names) equally often',
    exitCode: 1,
  });
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
