import type { ActionOutcome } from './actions.ts';
import type { SyncProgress } from './progress.ts';
import { applied, handedOver as handed, inPhase, pruned, refused, refusedEarly, rehearsed } from './results.ts';
import { resultId, taskId } from './task-id.ts';
import type { ResourceResult, SyncRequest } from './types.ts';

/** Puts what came of a step's actions into the progress. @param now epoch ms */
export function recordOutcomes(
  progress: SyncProgress,
  outcomes: readonly ActionOutcome[],
  { request, now }: { request: Pick<SyncRequest, 'dryRun'>; now: number },
): SyncProgress {
  const results = new Map(progress.results.map((result) => [resultId(result), result]));
  for (const outcome of outcomes) {
    const result = resultFrom(outcome, { request, progress, before: results.get(taskId(outcome.action.task)) });
    if (result) results.set(resultId(result), result);
  }
  const wrote = outcomes.some(hasWritten);
  return {
    ...progress,
    results: [...results.values()],
    memory: wrote ? { ...progress.memory, lastWriteAt: now } : progress.memory,
  };
}

function hasWritten({ action, error }: ActionOutcome): boolean {
  if (error !== undefined || action.task.automatic) return false;
  return action.kind === 'apply' || action.kind === 'prune';
}

interface Situation {
  request: Pick<SyncRequest, 'dryRun'>;
  progress: SyncProgress;
  before: ResourceResult | undefined;
}

/** The new result of the action's task, or undefined where the action leaves none. */
function resultFrom(
  { action, error, verb, note, handedOver }: ActionOutcome,
  situation: Situation,
): ResourceResult | undefined {
  const { task } = action;
  switch (action.kind) {
    case 'dry-run':
      if (error !== undefined) return refusedEarly(task, error);
      return situation.request.dryRun ? rehearsed(applied(task, verb ?? 'serverside-applied')) : undefined;
    case 'apply':
      return error === undefined ? noted(applied(task, verb ?? 'serverside-applied'), note) : refused(task, error);
    case 'prune':
      if (error !== undefined) return refused(task, error);
      return handedOver === undefined ? pruned(task) : handed(task, handedOver);
    case 'delete-hook':
      return deletedHook({ action, error }, situation);
    case 'release-hook':
      return undefined;
  }
}

function noted(result: ResourceResult, note: string | undefined): ResourceResult {
  return note ? { ...result, message: `${result.message} (${note})` } : result;
}

function deletedHook({ action, error }: ActionOutcome, { progress, before }: Situation): ResourceResult | undefined {
  if (before?.hookPhase === 'Running' && progress.phase === 'Terminating') {
    return error === undefined
      ? inPhase(before, 'Failed', 'terminated')
      : inPhase(before, 'Error', `cannot delete the running hook: ${error}`);
  }
  if (error === undefined || before) return undefined;
  return refused(action.task, `cannot delete the hook of an earlier sync: ${error}`);
}
