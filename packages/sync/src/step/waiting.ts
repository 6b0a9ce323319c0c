import { listKeys } from '../display.ts';
import type { SyncTask } from '../types.ts';
import { type Decision, isRunning, resultFor, type StepState, settlingMs } from './step-state.ts';

/** Waits for tasks that run; hooks are named first, because they hold everything up. */
export function waitForHealth(state: StepState, running: readonly SyncTask[]): Decision | undefined {
  if (running.length === 0) return undefined;
  const hooks = running.filter((task) => task.hook);
  const message =
    hooks.length > 0
      ? `waiting for completion of hook ${listKeys(
          hooks.map((task) => task.key),
          'hooks',
        )}`
      : `waiting for healthy state of ${listKeys(
          running.map((task) => task.key),
          'resources',
        )}`;
  return { kind: 'wait', message, ...settling(state) };
}

/** Waits for pruned objects that still exist because of their finalizers. */
export function waitForDeletion(state: StepState): Decision | undefined {
  const going = state.groups
    .flat()
    .filter((task) => resultFor(state, task)?.status === 'Pruned' && state.observed.live(task.key)?.deletionTimestamp);
  if (going.length === 0) return undefined;
  return {
    kind: 'wait',
    message: `waiting for deletion of ${listKeys(
      going.map((task) => task.key),
      'resources',
    )}`,
  };
}

/**
 * What has to happen before the next group may start: everything applied so far is healthy, everything pruned is gone,
 * and the pause after the last write is over.
 */
export function waitBeforeGroup(state: StepState, next: SyncTask): Decision | undefined {
  const running = state.groups.flat().filter((task) => isRunning(state, task));
  const decision = waitForHealth(state, running) ?? waitForDeletion(state);
  if (decision) return decision;
  const pause = settling(state);
  return pause
    ? { kind: 'wait', message: `pausing before wave ${next.wave} of phase ${next.phase}`, ...pause }
    : undefined;
}

function settling(state: StepState): { requeueAfterMs: number } | undefined {
  const ms = settlingMs(state);
  return ms > 0 ? { requeueAfterMs: ms } : undefined;
}
