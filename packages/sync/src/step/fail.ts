import { hasFailed } from '../results.ts';
import { taskId } from '../task-id.ts';
import type { ResourceResult } from '../types.ts';
import { dismissals, runGroup } from './run-group.ts';
import { type Decision, isPending, isRunning, isStarted, resultFor, type StepState } from './step-state.ts';
import { waitForHealth } from './waiting.ts';

/** Why the operation is failing. */
interface Failure {
  message: string;
  /** At once, not only when the group at hand is through. */
  immediate: boolean;
}

/** The failure that the results tell of; SyncFail hooks are judged apart. */
export function failureOf(state: StepState): Failure | undefined {
  const failed = [...state.results.values()].filter((result) => result.syncPhase !== 'SyncFail' && hasFailed(result));
  if (failed.length === 0) return undefined;
  const reason = reasonOf(failed);
  if (failed.some((result) => result.status === 'SyncFailed' && result.hookPhase === undefined)) {
    return { immediate: true, message: `one or more objects failed to apply (dry run)${reason}` };
  }
  const namespace = state.groups.flat().find((task) => task.automatic);
  const made = namespace && resultFor(state, namespace);
  if (made && hasFailed(made)) return { immediate: true, message: `the namespace failed to apply${reason}` };
  return { immediate: false, message: `one or more synchronization tasks completed unsuccessfully${reason}` };
}

const shownReasons = 3;

function reasonOf(failed: readonly ResourceResult[]): string {
  const messages = [...new Set(failed.map((result) => result.message).filter((message) => message))];
  if (messages.length === 0) return '';
  const rest = messages.length - shownReasons;
  return `, reason: ${messages.slice(0, shownReasons).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

/**
 * Brings a failed operation to its end (reference §2.2 row 7): hooks that run may finish, the SyncFail phase runs, hooks
 * with the policy HookFailed are deleted.
 */
export function fail(state: StepState, failure: Failure): Decision {
  const running = state.groups.flat().filter((task) => task.hook && isRunning(state, task));
  return waitForHealth(state, running) ?? rescue(state) ?? end(state, failure);
}

function rescue(state: StepState): Decision | undefined {
  const running = () => state.rescue.flat().filter((task) => isRunning(state, task));
  for (const group of state.rescue) {
    if (!group.some((task) => isPending(state, task))) continue;
    if (!isStarted(state, group) && running().length > 0) break;
    const decision = runGroup(state, group);
    if (decision) return decision;
  }
  return waitForHealth(state, running());
}

function end(state: StepState, failure: Failure): Decision {
  const rescueFailed = state.rescue.flat().some((task) => {
    const result = resultFor(state, task);
    return result !== undefined && hasFailed(result);
  });
  const hooks = [...state.groups, ...state.rescue]
    .flat()
    .filter((task) => task.deletePolicies.includes('HookFailed') && state.results.has(taskId(task)));
  const message = rescueFailed ? `${failure.message}; one or more SyncFail hooks failed` : failure.message;
  return { kind: 'finish', phase: 'Failed', actions: dismissals(state, hooks), message };
}
