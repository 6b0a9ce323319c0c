import { type ApplicationSpec, annotations } from '@plumbline/apis';
import { groupOf, type KubeObject, keyOf, type ResourceKey } from '@plumbline/manifests';
import { isDeletionHook } from './deletion-hooks.ts';
import { isApproved } from './observed.ts';
import { keptByHelm, mergedSyncOptions } from './sync-options.ts';
import { waveOf } from './wave.ts';

/** The Application that goes, and what its project lets it delete. */
export interface DeletionContext {
  /** `spec.syncPolicy.syncOptions`. */
  syncOptions: NonNullable<ApplicationSpec['syncPolicy']>['syncOptions'];
  /** The Application's own key: an Application that manages itself does not delete itself twice. */
  self: ResourceKey;
  /** Its deletionTimestamp. */
  deletionTimestamp: string;
  /** Its annotation {@link annotations.deletionApproved}. */
  deletionApproved: string | undefined;
  /** Why the project forbids the object, or undefined where it may be deleted. */
  permitted(key: ResourceKey): string | undefined;
}

export interface DeletionPlan {
  /** What is to go, highest wave first: one wave is gone before the next begins. */
  waves: readonly { wave: number; objects: readonly KubeObject[] }[];
  /** What stays, and why. */
  kept: readonly { object: KubeObject; reason: string }[];
  /** What waits for an approval; nothing may be deleted while there is such an object. */
  unconfirmed: readonly KubeObject[];
}

/** The order in which an Application's live objects go when it is deleted with cascade (reference §1.6). */
export function deletionWaves(objects: readonly KubeObject[], context: DeletionContext): DeletionPlan {
  const kept: { object: KubeObject; reason: string }[] = [];
  const unconfirmed: KubeObject[] = [];
  const byWave = new Map<number, KubeObject[]>();
  const approved = isApproved(context.deletionApproved, context.deletionTimestamp);
  for (const object of objects) {
    // They go by their own delete policies.
    if (isDeletionHook(object)) continue;
    const reason = reasonToKeep(object, context);
    if (reason !== undefined) {
      kept.push({ object, reason });
      continue;
    }
    if (!approved && needsApproval(object, context)) unconfirmed.push(object);
    const wave = waveOf(object);
    byWave.set(wave, [...(byWave.get(wave) ?? []), object]);
  }
  const waves = [...byWave].sort(([a], [b]) => b - a).map(([wave, members]) => ({ wave, objects: members }));
  return { waves, kept, unconfirmed };
}

function reasonToKeep(object: KubeObject, { syncOptions, self, permitted }: DeletionContext): string | undefined {
  const key = keyOf(object);
  if (object.kind === 'CustomResourceDefinition' && groupOf(object) === 'apiextensions.k8s.io') {
    return 'definitions survive, with the objects of other Applications';
  }
  if (sameKey(key, self)) return 'it is the Application itself';
  if (mergedSyncOptions(syncOptions ?? [], object).get('Delete') === 'false') return 'the option Delete=false keeps it';
  if (keptByHelm(object)) return `the annotation ${annotations.helmResourcePolicy} keeps it`;
  return permitted(key);
}

function needsApproval(object: KubeObject, { syncOptions }: DeletionContext): boolean {
  const options = mergedSyncOptions(syncOptions ?? [], object);
  return options.get('Delete') === 'confirm' || options.get('Prune') === 'confirm';
}

function sameKey(a: ResourceKey, b: ResourceKey): boolean {
  return a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
