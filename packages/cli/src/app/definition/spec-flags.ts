import type { ApplicationSpec, SyncPolicy } from '@plumbline/apis';
import { type Command, InvalidArgumentError } from 'commander';
import { collect, integer, onOff, whole } from '../../arguments.ts';
import { Fatal } from '../../fatal.ts';
import { type HydratorFlags, hydratorFlags, withHydratorFlags } from './hydrator-flags.ts';

/** Flags about everything of an Application but its source. */
export interface SpecFlags extends HydratorFlags {
  destServer?: string;
  destName?: string;
  destNamespace?: string;
  /** Of `app create` and `set` one name; the flag of other commands may be repeated. */
  project?: string;
  syncPolicy?: 'automated' | 'none';
  autoPrune?: boolean;
  selfHeal?: boolean;
  allowEmpty?: boolean;
  syncOption?: string[];
  syncRetryLimit?: number;
  syncRetryBackoffDuration?: string;
  syncRetryBackoffMaxDuration?: string;
  syncRetryBackoffFactor?: number;
  syncRetryRefresh?: boolean;
  revisionHistoryLimit?: number;
}

function policy(text: string): 'automated' | 'none' {
  if (text === 'auto' || text === 'automatic' || text === 'automated') return 'automated';
  if (text === 'none' || text === 'manual') return 'none';
  throw new InvalidArgumentError('It is neither automated nor none.');
}

/** Adds the flags about destination, project and sync policy (reference §14). */
export function specFlags(command: Command): Command {
  return hydratorFlags(command)
    .option('--project <name>', 'project')
    .option('--dest-server <url>', 'cluster to deploy to, by its URL')
    .option('--dest-name <name>', 'cluster to deploy to, by its name')
    .option('--dest-namespace <name>', 'namespace of objects that name none')
    .option('--sync-policy <policy>', 'automated or none', policy)
    .option('--auto-prune [on]', 'automation deletes what is no longer in the source', onOff)
    .option('--self-heal [on]', 'automation undoes drift', onOff)
    .option('--allow-empty [on]', 'automation may delete everything', onOff)
    .option(
      '--sync-option <name=value>',
      'such as CreateNamespace=true; "!" in front takes it away; may be repeated',
      collect,
    )
    .option('--sync-retry-limit <count>', 'how often a failed sync is tried again; 0 = never', integer)
    .option('--sync-retry-backoff-duration <duration>', 'first delay between tries')
    .option('--sync-retry-backoff-max-duration <duration>', 'longest delay between tries')
    .option('--sync-retry-backoff-factor <factor>', 'growth of the delay', whole)
    .option('--sync-retry-refresh [on]', 'resolve the revision again for each try', onOff)
    .option('--revision-history-limit <count>', 'deployments to remember', whole);
}

type Automated = NonNullable<SyncPolicy['automated']>;

function automatedOf(before: Automated | undefined, flags: SpecFlags): Automated | undefined {
  if (flags.syncPolicy === 'none') return undefined;
  const { autoPrune, selfHeal, allowEmpty } = flags;
  if (!before && flags.syncPolicy !== 'automated') {
    // To switch automation on is more than was asked for.
    if ([autoPrune, selfHeal, allowEmpty].includes(true)) {
      throw new Fatal('--auto-prune, --self-heal and --allow-empty are for automation, and the application has none', {
        next: 'switch it on with --sync-policy automated',
        exitCode: 1,
      });
    }
    return undefined;
  }
  return {
    ...before,
    ...(flags.syncPolicy === 'automated' && before?.enabled === false ? { enabled: true } : {}),
    ...(autoPrune === undefined ? {} : { prune: autoPrune }),
    ...(selfHeal === undefined ? {} : { selfHeal }),
    ...(allowEmpty === undefined ? {} : { allowEmpty }),
  };
}

/** A sync option with the same name replaces the one that is there; `!` in front takes it away. */
function optionsOf(before: string[] | undefined, changes: string[]): string[] {
  const nameOf = (text: string): string => text.replace(/^!/, '').split('=')[0] ?? text;
  const names = new Set(changes.map(nameOf));
  return [
    ...(before ?? []).filter((text) => !names.has(nameOf(text))),
    ...changes.filter((text) => !text.startsWith('!')),
  ];
}

function retryOf(before: SyncPolicy['retry'], flags: SpecFlags): SyncPolicy['retry'] {
  const { syncRetryLimit: limit, syncRetryRefresh: refresh } = flags;
  if (limit === 0) return undefined;
  const backoff = {
    ...before?.backoff,
    ...(flags.syncRetryBackoffDuration ? { duration: flags.syncRetryBackoffDuration } : {}),
    ...(flags.syncRetryBackoffMaxDuration ? { maxDuration: flags.syncRetryBackoffMaxDuration } : {}),
    ...(flags.syncRetryBackoffFactor ? { factor: flags.syncRetryBackoffFactor } : {}),
  };
  const retry = {
    ...before,
    ...(limit === undefined ? {} : { limit }),
    ...(Object.keys(backoff).length > 0 ? { backoff } : {}),
    ...(refresh === undefined ? {} : { refresh }),
  };
  return Object.keys(retry).length > 0 ? retry : undefined;
}

function policyOf(before: SyncPolicy | undefined, flags: SpecFlags): SyncPolicy | undefined {
  const { automated: wasAutomated, retry: wasRetry, syncOptions: hadOptions, ...rest } = before ?? {};
  const automated = automatedOf(wasAutomated, flags);
  const retry = retryOf(wasRetry, flags);
  const syncOptions = optionsOf(hadOptions, flags.syncOption ?? []);
  const next = {
    ...rest,
    ...(automated ? { automated } : {}),
    ...(syncOptions.length > 0 ? { syncOptions } : {}),
    ...(retry ? { retry } : {}),
  };
  return Object.keys(next).length > 0 ? next : undefined;
}

function destinationOf(before: ApplicationSpec['destination'], flags: SpecFlags): ApplicationSpec['destination'] {
  const { destServer: server, destName: name, destNamespace: namespace } = flags;
  const { server: hadServer, name: hadName, ...rest } = before;
  // A cluster has either name: the one that is given takes the place of the other.
  const kept = { ...(hadServer ? { server: hadServer } : {}), ...(hadName ? { name: hadName } : {}) };
  const cluster = server || name ? { ...(server ? { server } : {}), ...(name ? { name } : {}) } : kept;
  return { ...rest, ...cluster, ...(namespace === undefined ? {} : { namespace }) };
}

/** The spec with everything that the flags say about destination, project and sync policy. */
export function withSpecFlags(spec: ApplicationSpec, flags: SpecFlags): ApplicationSpec {
  const { syncPolicy: before, ...rest } = spec;
  const syncPolicy = policyOf(before, flags);
  const { revisionHistoryLimit } = flags;
  const next = {
    ...rest,
    project: flags.project ?? spec.project,
    destination: destinationOf(spec.destination, flags),
    ...(syncPolicy ? { syncPolicy } : {}),
    ...(revisionHistoryLimit === undefined ? {} : { revisionHistoryLimit }),
  };
  return withHydratorFlags(next, flags);
}
