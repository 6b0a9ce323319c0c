import type { ResourceKey } from '@plumbline/manifests';
import type { ResourceResult } from '../types.ts';

/** What the plan must know of the cluster, the project and the operation so far. */
export interface PlanContext {
  /** Whether the destination serves the kind; `coming` where something in this same sync brings it. */
  kindKnown(apiVersion: string, kind: string): 'known' | 'unknown' | 'coming';
  /** Why the project forbids the object, or undefined where it may be written. */
  permitted(key: ResourceKey): string | undefined;
  /** Results of this operation so far: with ApplyOutOfSyncOnly, what has one stays part of the plan. */
  results?: readonly ResourceResult[];
  /** What `pruneWavesOf` said when the operation began: after a restart the rest is pruned in the order of the whole. */
  pruneWaves?: readonly number[];
}
