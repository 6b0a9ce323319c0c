import { imagesOf } from '@plumbline/manifests';
import type { AppliedVerb } from './actions.ts';
import { kubectlName } from './display.ts';
import type { ResourceResult, SyncTask } from './types.ts';

type Outcome = Pick<ResourceResult, 'status' | 'message' | 'hookPhase'>;

/** A result of the task in the form of `syncResult.resources`. */
function resultOf(task: SyncTask, outcome: Outcome): ResourceResult {
  const images = task.target ? imagesOf(task.target) : [];
  return {
    group: task.key.group,
    version: task.version,
    kind: task.key.kind,
    namespace: task.key.namespace,
    name: task.key.name,
    syncPhase: task.phase,
    ...(task.hook ? { hookType: task.hook } : {}),
    ...outcome,
    ...(images.length > 0 ? { images } : {}),
  };
}

/** Applied: from now on its health counts. The engine's own Namespace has none to wait for. */
export function applied(task: SyncTask, verb: AppliedVerb): ResourceResult {
  return resultOf(task, {
    status: 'Synced',
    message: `${kubectlName(task.key)} ${verb}`,
    hookPhase: task.automatic ? 'Succeeded' : 'Running',
  });
}

/** The server refused to write it. */
export function refused(task: SyncTask, message: string): ResourceResult {
  return resultOf(task, { status: 'SyncFailed', message, hookPhase: 'Failed' });
}

/** Refused before anything was written. Without hookPhase: that is how it is told from {@link refused} after a restart. */
export function refusedEarly(task: SyncTask, message: string): ResourceResult {
  return resultOf(task, { status: 'SyncFailed', message });
}

export function pruned(task: SyncTask): ResourceResult {
  return resultOf(task, { status: 'Pruned', message: 'pruned', hookPhase: 'Succeeded' });
}

/** Not deleted, because another Application has it from now on. */
export function handedOver(task: SyncTask, application: string): ResourceResult {
  const message = `handed over to ${application}`;
  return resultOf(task, { status: 'PruneSkipped', message, hookPhase: 'Succeeded' });
}

/** Left alone, which counts as success (reference §2.3). */
export function pruneSkipped(task: SyncTask, request: { prune: boolean }): ResourceResult {
  const message = request.prune ? 'ignored (no prune)' : 'ignored (requires pruning)';
  return resultOf(task, { status: 'PruneSkipped', message, hookPhase: 'Succeeded' });
}

/** What a dry run says: the result of the real thing, marked as not done. */
export function rehearsed(result: ResourceResult): ResourceResult {
  const { hookPhase, ...rest } = result;
  return { ...rest, message: `${result.message ?? ''} (dry run)`, ...(hookPhase ? { hookPhase: 'Succeeded' } : {}) };
}

/** The same result in another hook phase. */
export function inPhase(
  result: ResourceResult,
  hookPhase: ResourceResult['hookPhase'],
  message?: string,
): ResourceResult {
  return { ...result, hookPhase, ...(message ? { message } : {}) };
}

/** Whether the task behind the result ended badly. */
export function hasFailed(result: ResourceResult): boolean {
  return result.status === 'SyncFailed' || result.hookPhase === 'Failed' || result.hookPhase === 'Error';
}
