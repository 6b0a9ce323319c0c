import { type OperationState, ownAnnotations } from '@plumbline/apis';
import { deepEqual } from '@plumbline/manifests';
import { deletionEndsAt, endedByDeletion } from '../deletion/operation-patience.ts';
import { currently, momentAt } from '../moment.ts';
import type { Pass } from '../pass.ts';
import { attemptId } from './running-operation.ts';
import { skipReason } from './skip-revisions.ts';
import { syncsComparedTarget } from './sync-request.ts';

/** An operation that has done nothing for this time is stuck: a newer revision takes its place. */
const stuckMs = 5_000;
/** While an automated operation runs, its source is asked so often for something newer. */
export const supersedeCheckMs = 5_000;

/** Whether a newer revision may end the operation: automation started it, or would start the next one just like it. */
export function isSupersedable(pass: Pass, state: OperationState): boolean {
  if (pass.app.metadata.annotations?.[ownAnnotations.supersede] === 'false') return false;
  if (skipReason(pass.app, pass.target?.revisions ?? [], pass.startedAt.getTime())) return false;
  if (state.operation.initiatedBy?.automated) return true;
  const { automated } = pass.app.spec.syncPolicy ?? {};
  return automated !== undefined && automated.enabled !== false && syncsComparedTarget(state.operation);
}

/** The newer revisions, where the sources have moved on since the operation resolved them. */
export function supersededBy(pass: Pass, state: OperationState): string | undefined {
  if (!isSupersedable(pass, state)) return undefined;
  const { revision, revisions } = state.syncResult ?? {};
  const tried = revisions && revisions.length > 0 ? revisions : revision ? [revision] : [];
  const now = pass.target?.revisions ?? [];
  return tried.length > 0 && now.length > 0 && !deepEqual([...tried], [...now]) ? now.join(', ') : undefined;
}

export interface InterruptOptions {
  now: number;
  /** `controller.sync.timeout.seconds`; 0 is none. */
  timeoutMs: number;
  /** The target is not to be had now. */
  blind?: boolean;
}

/**
 * Terminates an operation that has run for too long, that is stuck while something newer is there (want 12), or that the
 * deletion of its Application does not wait for any longer. It then ends like one that a user terminates: its hooks are deleted, nothing is undone.
 */
export function interrupt(pass: Pass, state: OperationState, options: InterruptOptions): OperationState {
  if (state.phase !== 'Running') return state;
  const ending = reasonToEnd(pass, state, options);
  return ending ? terminating(pass, state, ending) : state;
}

/** Ends an operation that something holds while its Application is being deleted: nothing would let it go on. */
export function endHeld(pass: Pass, state: OperationState): OperationState | undefined {
  if (!pass.app.metadata.deletionTimestamp || state.phase !== 'Running') return undefined;
  return terminating(pass, state, forDeletion);
}

interface Ending {
  message: string;
  note: string;
}

const forDeletion: Ending = {
  message: `operation is terminating: ${endedByDeletion}`,
  note: `because ${endedByDeletion}`,
};

function terminating({ runtime }: Pass, state: OperationState, { message, note }: Ending): OperationState {
  runtime.operations.interrupted = { operation: state.startedAt, note };
  return { ...state, phase: 'Terminating', message };
}

function reasonToEnd(pass: Pass, state: OperationState, options: InterruptOptions): Ending | undefined {
  const { now, timeoutMs } = options;
  if (isEndedByDeletion(pass, state, options)) return forDeletion;
  const started = startOf(pass, state, now);
  if (timeoutMs > 0 && now - started > timeoutMs) {
    return {
      message: 'operation is terminating due to timeout',
      note: 'triggered by controller sync timeout',
    };
  }
  const newer = supersededBy(pass, state);
  const quietSince = Math.max(started, pass.runtime.attempt?.memory.lastWriteAt ?? 0);
  if (!newer || now - quietSince < stuckMs) return undefined;
  const note = `superseded by revision ${newer} while it was ${state.message || 'running'}`;
  return { message: `operation is terminating: ${note}`, note };
}

function isEndedByDeletion(pass: Pass, state: OperationState, { now, blind }: InterruptOptions): boolean {
  const { app, destination, runtime } = pass;
  if (!app.metadata.deletionTimestamp) return false;
  if (blind && (!destination || runtime.attempt?.id !== attemptId(state))) return true;
  return now >= (deletionEndsAt(pass, state, now) ?? Number.POSITIVE_INFINITY);
}

/** When the operation began, or was first seen where that lies in the future; ms since the epoch by the clock as it is set now. */
function startOf({ runtime: { operations }, steady }: Pass, { startedAt }: OperationState, now: number): number {
  const clocks = { now, steady: steady() };
  const { seen } = operations;
  const start =
    seen?.operation === startedAt
      ? currently(seen.start, clocks)
      : momentAt(Math.min(Date.parse(startedAt), now), clocks);
  operations.seen = { operation: startedAt, start };
  return start.at;
}

/** What the last message of an operation says more, where it was interrupted. */
export function interruptNote({ runtime }: Pass, state: OperationState): string {
  const { interrupted } = runtime.operations;
  return interrupted?.operation === state.startedAt ? `, ${interrupted.note}` : '';
}
