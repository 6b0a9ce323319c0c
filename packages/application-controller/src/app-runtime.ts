import type { ApplicationSource } from '@plumbline/apis';
import type { AppComparison } from './compare/compare-state.ts';
import { FightMonitor } from './compare/fight-monitor.ts';
import { ResourceComparer } from './compare/resource-comparer.ts';
import type { Moment } from './moment.ts';
import { OperationMemory } from './operation/operation-memory.ts';
import type { Attempt, FinishedRuns } from './operation/running-operation.ts';
import type { Below } from './status/below.ts';
import type { Finding } from './status/conditions.ts';
import type { PinnedTarget } from './steps/heal-pinned.ts';
import type { TargetFacts } from './target/build-targets.ts';
import type { TargetState } from './target/target-state.ts';

/** A target state and what it was loaded for. */
export interface LoadedTarget {
  /** Says for which sources and facts it was loaded. */
  key: string;
  state: TargetState;
  facts: TargetFacts;
  /** The sources that were resolved, in the order of the revisions. */
  sources: readonly ApplicationSource[];
  /** URL of the cluster it is for. */
  server: string;
}

/**
 * What the controller remembers of an Application between passes, in memory only: everything here can be computed
 * again from the custom resource, Git and the cluster.
 */
export class AppRuntime {
  readonly comparer = new ResourceComparer();
  target: LoadedTarget | undefined;
  /** Why the target is not known now; a later refresh may mend it. */
  targetFailure: { key: string; finding: Finding } | undefined;
  /** Refreshes in a row that failed: sets the pace of the next ones. */
  failedRefreshes = 0;
  /** When the sources are due to be resolved again, ms since the epoch. */
  refreshDueAt = 0;
  /** When the sources were last resolved, with success or without, ms since the epoch. */
  resolvedAt = 0;
  comparison: AppComparison | undefined;
  /** What objects below the managed ones add to the summary. */
  below: Below | undefined;
  /** Trace of whoever asked for the operation that runs. */
  traceparent: string | undefined;
  /** Orphans of the newest comparison; 0 where the project does not ask for them. */
  orphans: number | undefined;
  /** Keys of other Applications that bring a definition of a custom resource that this one brings. */
  sharesWith: ReadonlySet<string> = new Set();
  /** Since when objects are known to be another Application's as well, by the warning; ms of the steady clock. */
  sharedSince: ReadonlyMap<string, number> = new Map();
  /** What the running attempt of an operation is carried out with. */
  attempt: Attempt | undefined;
  /** Attempts that ended, of the newest start. */
  finished: FinishedRuns | undefined;
  /** When the operation that rests goes on, by the id of its next attempt. */
  rest: { id: string; until: Moment } | undefined;
  /** When the deletion was asked for. */
  deletionAsked: Moment | undefined;
  /** What stands in the way of the deletion, and since when. */
  hindrance: { since: Moment; messages: readonly string[] } | undefined;
  /** Hooks of the deletion that have failed, by uid: how often in a row, and when they are tried again, ms of the steady clock. */
  hookFailure: { id: string; count: number; retryAt: number } | undefined;
  /** What is deployed while automation skips the newest revision. */
  pinned: PinnedTarget | undefined;
  readonly operations = new OperationMemory();
  /** How often and when each object was healed: many heals of one object are a fight. */
  heals = new Map<string, { count: number; last: number }>();
  /** Fields that we and somebody else keep writing over each other. */
  readonly fights = new FightMonitor();
}
