import { type KubeObject, keyOf, splitApiVersion } from '@plumbline/manifests';
import type { ResourceState } from '../compare/compare-state.ts';
import type { TargetState } from '../target/target-state.ts';
import { revisionA } from './builders.ts';

/** The state of a resource that is missing, unless more is said. */
export function resourceState(object: KubeObject, more: Partial<ResourceState> = {}): ResourceState {
  return {
    key: keyOf(object),
    version: splitApiVersion(object.apiVersion).version,
    target: { key: keyOf(object), object, namespaced: true },
    live: undefined,
    liveObject: undefined,
    comparison: undefined,
    status: 'OutOfSync',
    hook: false,
    requiresPruning: false,
    counts: true,
    health: undefined,
    syncWave: 0,
    ...more,
  };
}

/** A target state of these objects, placed already. */
export function targetState(objects: readonly KubeObject[], more: Partial<TargetState> = {}): TargetState {
  return {
    revisions: [revisionA],
    sourceTypes: ['Directory'],
    parts: [],
    targets: objects.map((object) => ({ key: keyOf(object), object, namespaced: true })),
    repeated: [],
    excluded: [],
    warnings: [],
    ...more,
  };
}
