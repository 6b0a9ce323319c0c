import { finalizers, ownAnnotations } from '@plumbline/apis';
import { type KubeObject, keyOf, splitApiVersion } from '@plumbline/manifests';
import type { SyncAction } from './actions.ts';
import { deletePoliciesOf, hookObject, hookTypesOf, isOfRun } from './hooks.ts';
import type { ObservedObject, ObservedState } from './observed.ts';
import { hookPhase } from './step/assess-running.ts';
import { taskOptions } from './sync-options.ts';
import type { SyncTask } from './types.ts';
import { waveOf } from './wave.ts';

export type DeletionPhase = 'PreDelete' | 'PostDelete';

/** One deletion of one Application. */
export interface DeletionRun {
  /** The uid of the Application. */
  uid: string;
  /** RFC 3339: part of the names of generated hooks. */
  deletionTimestamp: string;
  revision: string;
}

/** What is to be done for the hooks of a phase. */
export type DeletionHookStep =
  | { kind: 'done' }
  | { kind: 'act'; actions: readonly SyncAction[] }
  /** For hooks that run, or older ones that go. */
  | { kind: 'wait'; tasks: readonly SyncTask[] }
  /** Nothing goes on by itself: each is to be deleted (`delete-hook`) before it is tried again. */
  | { kind: 'failed'; failed: readonly { task: SyncTask; uid: string | undefined; message: string }[] };

/** Whether the object runs only when its Application is deleted. */
export function isDeletionHook(object: KubeObject): boolean {
  const types = hookTypesOf(object) ?? [];
  return types.length > 0 && types.every((type) => type === 'PreDelete' || type === 'PostDelete');
}

/** The phases of deletion for which there are hooks among these manifests. */
export function deletionPhases(targets: readonly KubeObject[]): ReadonlySet<DeletionPhase> {
  const types = targets.flatMap((target) => hookTypesOf(target) ?? []);
  return new Set(types.filter((type) => type === 'PreDelete' || type === 'PostDelete'));
}

/** The value of {@link ownAnnotations.hookRun} on a hook of that phase of that deletion. */
export function deletionRunId(run: DeletionRun, phase: DeletionPhase): string {
  return `${run.uid}.${phase}`;
}

/**
 * The hooks of a phase as they are applied, in the order of their waves. They carry the mark of the deletion: an object of
 * the same name without it is an older one.
 */
export function deletionHookTasks(
  targets: readonly KubeObject[],
  phase: DeletionPhase,
  run: DeletionRun,
): readonly SyncTask[] {
  const tasks = targets
    .filter((target) => hookTypesOf(target)?.includes(phase))
    .map((target) => hookTask(target, phase, run));
  return tasks.sort((a, b) => a.wave - b.wave);
}

function hookTask(target: KubeObject, phase: DeletionPhase, run: DeletionRun): SyncTask {
  const { metadata, ...rest } = hookObject(target, phase, { revision: run.revision, startedAt: run.deletionTimestamp });
  const marks = { ...metadata.annotations, [ownAnnotations.hookRun]: deletionRunId(run, phase) };
  const object: KubeObject = { ...rest, metadata: { ...metadata, annotations: marks } };
  const wave = waveOf(target);
  return {
    key: keyOf(object),
    version: splitApiVersion(object.apiVersion).version,
    phase: phase === 'PreDelete' ? 'PreSync' : 'PostSync',
    wave,
    action: 'apply',
    hook: phase,
    deletePolicies: deletePoliciesOf(target),
    target: object,
    live: undefined,
    outOfSync: true,
    options: taskOptions({ syncOptions: [], force: false }, target, undefined),
    dryRunnable: false,
    automatic: false,
    reason: `A ${phase} hook in wave ${wave}.`,
  };
}

/**
 * The next step of a phase's hooks (reference §1.6): wave by wave, each hook made once and through before the next wave
 * begins. Everything is read from the cluster, so that a restart repeats nothing: a hook that is through is kept by its
 * finalizer until the whole phase is.
 */
export function stepDeletionHooks(tasks: readonly SyncTask[], observed: Pick<ObservedState, 'live'>): DeletionHookStep {
  for (const wave of [...new Set(tasks.map((task) => task.wave))]) {
    const step = stepWave(
      tasks.filter((task) => task.wave === wave),
      observed,
    );
    if (step.kind !== 'done') return step;
  }
  return { kind: 'done' };
}

function stepWave(tasks: readonly SyncTask[], { live }: Pick<ObservedState, 'live'>): DeletionHookStep {
  const actions: SyncAction[] = [];
  const waiting: SyncTask[] = [];
  const failed: { task: SyncTask; uid: string | undefined; message: string }[] = [];
  for (const task of tasks) {
    const found = live(task.key);
    if (!found) actions.push({ kind: 'apply', task });
    else if (!isOfRun(found.object, task.target)) {
      if (found.deletionTimestamp && !isHeld(found)) waiting.push(task);
      else actions.push({ kind: 'delete-hook', task, uid: found.uid });
    } else {
      const phase = hookPhase(found.health);
      if (phase === 'Failed') failed.push({ task, uid: found.uid, message: found.health?.message ?? 'it failed' });
      else if (phase === 'Running' && found.deletionTimestamp)
        failed.push({ task, uid: found.uid, message: 'it was deleted before it was through' });
      else if (phase === 'Running') waiting.push(task);
    }
  }
  if (actions.length > 0) return { kind: 'act', actions };
  if (failed.length > 0) return { kind: 'failed', failed };
  return waiting.length > 0 ? { kind: 'wait', tasks: waiting } : { kind: 'done' };
}

function isHeld({ object }: ObservedObject): boolean {
  return object?.metadata.finalizers?.includes(finalizers.hook) ?? false;
}
