import { annotations } from '@plumbline/apis';
import { annotation, type KubeObject } from '@plumbline/manifests';
import type { SyncRequest, TaskOptions } from './types.ts';

/** Sync options by name, the values as written (`Prune` → `false`). */
export type SyncOptions = ReadonlyMap<string, string>;

const careful = ['false', 'confirm'];

/** Reads `Name=value` entries; an entry without `=` is no option. Of contradicting entries the more careful one stays. */
export function parseSyncOptions(entries: readonly string[]): SyncOptions {
  const options = new Map<string, string>();
  for (const entry of entries) {
    const split = entry.indexOf('=');
    if (split < 1) continue;
    const name = entry.slice(0, split).trim();
    const value = entry.slice(split + 1).trim();
    const before = options.get(name);
    const guards = name === 'Prune' || name === 'Delete';
    if (guards && before !== undefined && rank(before) <= rank(value)) continue;
    options.set(name, value);
  }
  return options;
}

function rank(value: string): number {
  const place = careful.indexOf(value);
  return place < 0 ? careful.length : place;
}

/** The sync options that an object's own annotation gives. */
export function resourceSyncOptions(object: KubeObject | undefined): SyncOptions {
  const text = object ? annotation(object, annotations.syncOptions) : undefined;
  return parseSyncOptions(text?.split(',') ?? []);
}

/**
 * The Application's options with the object's own over them: the object is the more specific place, so its value wins
 * (`Delete=true` on an object frees it from the Application's `Delete=false`).
 */
export function mergedSyncOptions(application: readonly string[], object: KubeObject | undefined): SyncOptions {
  return new Map([...parseSyncOptions(application), ...resourceSyncOptions(object)]);
}

/** Whether the object may only be pruned, or deleted with its Application, once somebody has confirmed that. */
export function asksForConfirmation(object: KubeObject, application: readonly string[]): boolean {
  const options = mergedSyncOptions(application, object);
  return options.get('Prune') === 'confirm' || options.get('Delete') === 'confirm';
}

/** Whether `helm.sh/resource-policy: keep` protects the object from every deletion. */
export function keptByHelm(object: KubeObject): boolean {
  return annotation(object, annotations.helmResourcePolicy)?.trim() === 'keep';
}

/**
 * The options of one task (reference §1.7). An object that is applied speaks through its target, one that is pruned
 * through its live annotations; Replace is honoured from either.
 */
export function taskOptions(
  request: Pick<SyncRequest, 'syncOptions' | 'force'>,
  target: KubeObject | undefined,
  live: KubeObject | undefined,
): TaskOptions {
  const options = mergedSyncOptions(request.syncOptions, target ?? live);
  const on = (name: string) => options.get(name) === 'true';
  return {
    validate: options.get('Validate') !== 'false',
    prune: prunePermission(options, target ?? live),
    pruneLast: on('PruneLast'),
    replace: on('Replace') || resourceSyncOptions(live).get('Replace') === 'true',
    force: request.force || resourceSyncOptions(target).get('Force') === 'true',
    clientSideApply: options.get('ServerSideApply') === 'false',
    skipDryRunOnMissingResource: on('SkipDryRunOnMissingResource'),
    propagationPolicy: propagationPolicy(parseSyncOptions(request.syncOptions).get('PrunePropagationPolicy')),
  };
}

function prunePermission(options: SyncOptions, object: KubeObject | undefined): TaskOptions['prune'] {
  const value = options.get('Prune');
  if (value === 'false' || (object && keptByHelm(object))) return 'disabled';
  return value === 'confirm' ? 'confirm' : 'allowed';
}

function propagationPolicy(value: string | undefined): TaskOptions['propagationPolicy'] {
  if (value === 'background') return 'Background';
  if (value === 'orphan') return 'Orphan';
  return 'Foreground';
}
