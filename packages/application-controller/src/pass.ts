import type { Application, ApplicationSource, AppProject, OperationState, RevisionHistory } from '@plumbline/apis';
import type { Logger } from '@plumbline/telemetry';
import type { AppRuntime } from './app-runtime.ts';
import type { AppComparison } from './compare/compare-state.ts';
import type { ComparerRules } from './compare/resource-comparer.ts';
import type { Destination } from './destination/destinations.ts';
import type { Level } from './queue/keyed-queue.ts';
import type { Finding } from './status/conditions.ts';
import type { TargetFacts } from './target/build-targets.ts';
import type { TargetState } from './target/target-state.ts';

/** What the steps of one pass over one Application read and write. Lives as long as the pass. */
export interface Pass {
  readonly key: string;
  readonly app: Application;
  readonly level: Level;
  readonly runtime: AppRuntime;
  readonly logger: Logger;
  /** Start of the pass. */
  readonly startedAt: Date;
  /** A clock that nobody sets, ms: for how long something lasts while the controller runs. */
  steady(): number;
  /** Name under which objects are tracked. */
  readonly application: string;
  /** Whether there is an Application of that tracking name; default: all exist. */
  readonly exists?: (application: string) => boolean;
  sources: readonly ApplicationSource[];
  project: AppProject | undefined;
  destination: Destination | undefined;
  facts: TargetFacts | undefined;
  rules: ComparerRules;
  target: TargetState | undefined;
  comparison: AppComparison | undefined;
  /** Whether sources were resolved again in this pass. */
  refreshed: boolean;
  findings: Finding[];
  operationState: OperationState | undefined;
  /** The operation to leave in the custom resource; undefined = none is wanted any more. */
  operation: Application['operation'];
  /** The operation that was written in the middle of this pass. */
  announced?: Application['operation'];
  history: readonly RevisionHistory[] | undefined;
  /** Passes to plan when this one is over. */
  readonly later: { level: Level; ms: number }[];
}

/** One step of a pass; `stop` leaves out the steps up to the report. */
export type Step = (pass: Pass) => Promise<'stop' | undefined>;

/** RFC 3339 with seconds, as Kubernetes writes times. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
