import type { OperationState } from '@plumbline/apis';
import type { Pass } from '../pass.ts';
import type { Attempt } from './running-operation.ts';

/** Why an operation does not go on: it waits and is looked at again after `ms`, or it is refused for good. */
export type Hold = { kind: 'wait'; message: string; ms: number } | { kind: 'refuse'; message: string };

/** One reason not to go on, asked before every write of an operation; undefined = nothing is against it. */
export type HoldRule = (
  pass: Pass,
  attempt: Attempt,
  state: OperationState,
) => Hold | undefined | Promise<Hold | undefined>;

/** Whether something of the attempt was done already: what only concerns the beginning is then no question any more. */
export function hasBegun(state: OperationState): boolean {
  return (state.syncResult?.resources?.length ?? 0) > 0;
}

/** The first thing that is against going on. A termination goes on whatever there is, and a dry run writes nothing. */
export async function firstHold(pass: Pass, attempt: Attempt, rules: readonly HoldRule[]): Promise<Hold | undefined> {
  const state = pass.operationState;
  if (!state || state.phase === 'Terminating' || attempt.request.dryRun) return undefined;
  for (const rule of rules) {
    const hold = await rule(pass, attempt, state);
    if (hold) return hold;
  }
  return undefined;
}
