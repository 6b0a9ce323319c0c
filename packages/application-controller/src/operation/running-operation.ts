import type { Operation, OperationState } from '@plumbline/apis';
import type { FieldDifference } from '@plumbline/diff';
import { deepEqual, type JsonValue, type ResourceKey } from '@plumbline/manifests';
import type { SyncMemory, SyncPair, SyncPlan, SyncRequest } from '@plumbline/sync';
import type { ResourceComparer } from '../compare/resource-comparer.ts';
import type { SecretValues } from '../target/secret-values.ts';
import type { TargetState } from '../target/target-state.ts';

/** What an attempt of an operation is carried out with; kept in memory between passes, built again after a restart. */
export interface Attempt {
  /** Says which attempt of which operation this is for. */
  id: string;
  target: TargetState;
  /** The real values of the target's Secrets. */
  secretValues(): Promise<SecretValues>;
  request: SyncRequest;
  plan: SyncPlan;
  /** What the plan was made of. */
  pairs: readonly SyncPair[];
  /** Of all that it prunes, what is gone by now included. */
  pruneWaves: readonly number[];
  /** Field by field, how a live object differs from its target. */
  differencesOf(key: ResourceKey): readonly FieldDifference[];
  comparer: ResourceComparer;
  memory: SyncMemory;
}

/** Identity of an attempt: when the operation began, which try it is, and what it is to do (times are whole seconds). */
export function attemptId(state: OperationState): string {
  return `${state.startedAt}#${state.retryCount ?? 0}#${stableJson(state.operation)}`;
}

/** Attempts in a row with one start that are over: times are whole seconds, and two operations may share one. */
export interface FinishedRuns {
  startedAt: string;
  count: number;
}

/** The number of an attempt among those with its start; after a restart its retries tell it. */
export function runNumber({ finished }: { finished: FinishedRuns | undefined }, state: OperationState): number {
  return Math.max(finished?.startedAt === state.startedAt ? finished.count : 0, state.retryCount ?? 0);
}

/** An attempt is over: what is told to {@link runNumber} for the next one. */
export function finishedRun(finished: FinishedRuns | undefined, { startedAt }: OperationState): FinishedRuns {
  return { startedAt, count: (finished?.startedAt === startedAt ? finished.count : 0) + 1 };
}

/** The API server gives members back in another order. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The state that the custom resource holds, if it is of this very operation and not over; else a fresh one. */
export function currentState(operation: Operation, known: OperationState | undefined, now: string): OperationState {
  const going = known && (known.phase === 'Running' || known.phase === 'Terminating');
  if (going && deepEqual(known.operation as JsonValue, operation as JsonValue)) return known;
  return { operation, phase: 'Running', startedAt: now, message: '' };
}

/** Whether the operation rests between two attempts (reference §2.5: Running with a finish time). */
export function isResting(state: OperationState): boolean {
  return state.phase === 'Running' && state.finishedAt !== undefined;
}
