import { inPhase } from '../results.ts';
import type { SyncTask } from '../types.ts';
import { dismissals } from './run-group.ts';
import { type Decision, isRunning, resultFor, type StepState, setResult } from './step-state.ts';

/** Stops an operation: running hooks are deleted, nothing else is undone (reference §2.2 row 1). */
export function terminate(state: StepState): Decision {
  const hooks = [...state.groups, ...state.rescue].flat().filter((task) => task.hook);
  const running = hooks.filter((task) => isRunning(state, task));
  const actions = dismissals(state, running);
  if (actions.length > 0) return { kind: 'act', actions, message: 'operation is terminating: deleting running hooks' };
  for (const task of running) markTerminated(state, task);
  const troubled = hooks.some((task) => resultFor(state, task)?.hookPhase === 'Error');
  return troubled
    ? { kind: 'finish', phase: 'Error', actions: [], message: 'Operation termination had errors' }
    : { kind: 'finish', phase: 'Failed', actions: [], message: 'Operation terminated' };
}

function markTerminated(state: StepState, task: SyncTask): void {
  const result = resultFor(state, task);
  if (result) setResult(state, inPhase(result, 'Failed', 'terminated'));
}
