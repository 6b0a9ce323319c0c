import { taskId } from '../task-id.ts';
import { dismissals } from './run-group.ts';
import { type Decision, isRunning, type StepState } from './step-state.ts';
import { waitForDeletion, waitForHealth } from './waiting.ts';

/**
 * The end of an operation whose tasks have all run (reference §2.2 row 8). A last group without hooks ends it at once,
 * healthy or not; otherwise its hooks, and where there were several groups everything else, must complete.
 */
export function finish(state: StepState): Decision {
  const last = state.groups.at(-1);
  if (last && !last.some((task) => task.hook)) return succeed(state, 'successfully synced (all tasks run)');
  const running = state.groups.flat().filter((task) => isRunning(state, task));
  const steps = state.groups.filter((group) => group.some((task) => !task.automatic));
  const awaited = steps.length > 1 ? running : running.filter((task) => task.hook);
  return (
    waitForHealth(state, awaited) ?? waitForDeletion(state) ?? succeed(state, 'successfully synced (no more tasks)')
  );
}

function succeed(state: StepState, message: string): Decision {
  const hooks = state.groups
    .flat()
    .filter((task) => task.deletePolicies.includes('HookSucceeded') && state.results.has(taskId(task)));
  return { kind: 'finish', phase: 'Succeeded', actions: dismissals(state, hooks), message };
}
