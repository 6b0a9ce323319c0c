import type { HealthStatus } from '@plumbline/health';
import { displayKey, operationKey } from '../display.ts';
import { isOfRun } from '../hooks.ts';
import { inPhase } from '../results.ts';
import type { OperationPhase, SyncTask } from '../types.ts';
import { isPending, isRunning, resultFor, type StepState, setResult, settlingMs } from './step-state.ts';

/**
 * Brings the results of applied tasks up to date with the health of their objects (reference §2.2 row 4). The last
 * group is left out when it holds no hook: a sync does not wait for it. Resources get time to react before they are
 * judged, so that the health of the state before is not taken for the new one; hooks are new objects and need none.
 */
export function assessRunning(state: StepState): void {
  const last = state.groups.at(-1);
  const before = state.groups.slice(0, -1);
  // Prunes that are left after a restart may have come to stand before what runs already.
  const awaited = before.some((group) => group.some((task) => isPending(state, task)));
  const judged = awaited || last?.some((task) => task.hook) ? state.groups : before;
  const settling = settlingMs(state) > 0;
  for (const task of [...judged, ...state.rescue].flat()) {
    if (!isRunning(state, task) || (settling && !task.hook)) continue;
    const result = resultFor(state, task);
    const verdict = judge(task, state);
    if (result && verdict) setResult(state, inPhase(result, verdict.phase, verdict.message));
  }
}

function judge(task: SyncTask, { observed }: StepState): { phase: OperationPhase; message?: string } | undefined {
  const live = observed.live(task.key);
  if (!live) {
    return { phase: 'Error', message: `Resource ${operationKey(task.key)} is missing, it might have been deleted` };
  }
  if (task.hook && !isOfRun(live.object, task.target)) {
    return {
      phase: 'Error',
      message: `Resource ${operationKey(task.key)} is another object than the hook that was made`,
    };
  }
  const phase = task.hook ? hookPhase(live.health) : resourcePhase(live.health);
  if (phase === 'Running' && task.hook && live.deletionTimestamp) {
    return { phase: 'Error', message: `Resource ${operationKey(task.key)} was deleted before it was through` };
  }
  if (phase === 'Running') return undefined;
  return {
    phase,
    ...messageOf(task, phase, live.health),
  };
}

/** What a health check says of a hook, or of anything that has failed. */
function messageOf(task: SyncTask, phase: OperationPhase, health: HealthStatus | undefined): { message?: string } {
  if (!task.hook && phase !== 'Failed') return {};
  if (health?.message) return { message: health.message };
  return phase === 'Failed' ? { message: `${displayKey(task.key)} is ${health?.status ?? 'Unknown'}` } : {};
}

/** How a hook stands by its health (reference §2.2 row 4). */
export function hookPhase(health: HealthStatus | undefined): OperationPhase {
  switch (health?.status) {
    case undefined:
    case 'Healthy':
      return 'Succeeded';
    case 'Degraded':
    case 'Unknown':
      return 'Failed';
    case 'Progressing':
    case 'Suspended':
    case 'Missing':
      return 'Running';
  }
}

function resourcePhase(health: HealthStatus | undefined): OperationPhase {
  switch (health?.status) {
    case undefined:
    case 'Healthy':
      return 'Succeeded';
    case 'Degraded':
      return 'Failed';
    case 'Unknown':
    case 'Progressing':
    case 'Suspended':
    case 'Missing':
      return 'Running';
  }
}
