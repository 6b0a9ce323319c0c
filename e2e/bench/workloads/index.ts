import { commitOne } from './commit-one.ts';
import { drift } from './drift.ts';
import { deletion, firstSync, hardRefresh, noopRefresh } from './fleet-workloads.ts';
import { floor } from './floor.ts';
import { bigApplication, helmFleet } from './sources.ts';
import type { Workload } from './workload.ts';

/** Every workload, in the order of a whole run. */
export const workloads = {
  floor,
  'first-sync': firstSync,
  'noop-refresh': noopRefresh,
  'commit-one': commitOne,
  drift,
  'helm-fleet': helmFleet,
  'big-app': bigApplication,
  'hard-refresh': hardRefresh,
  delete: deletion,
} as const satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof workloads;

/** These act on what `first-sync` has made. */
export const needsFleet: readonly WorkloadName[] = ['noop-refresh', 'commit-one', 'drift', 'hard-refresh'];
