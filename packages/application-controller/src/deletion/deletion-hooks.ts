import { finalizers, ownAnnotations } from '@plumbline/apis';
import { errorMessage } from '@plumbline/errors';
import type { HealthStatus } from '@plumbline/health';
import { annotation, type KubeObject } from '@plumbline/manifests';
import {
  type DeletionPhase,
  type DeletionRun,
  deletePoliciesOf,
  deletionHookTasks,
  deletionRunId,
  displayKey,
  hookPhase,
  type SyncAction,
  type SyncTask,
  stepDeletionHooks,
} from '@plumbline/sync';
import type { Destination } from '../destination/destinations.ts';
import { deleteObject } from '../operation/delete-object.ts';
import { type ExecuteContext, executeActions } from '../operation/execute-actions.ts';
import { releaseHook } from '../operation/release-hook.ts';
import type { Pass } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import type { DeletionOptions, Stage } from './deletion-stage.ts';

/** Wait before a failed hook is tried again: doubled each time, ms. */
const retry = { first: 10_000, max: 60_000 };

/** A hook that takes longer is named, ms. */
const slowMs = 30_000;
/** A hook that is named is waited for this long, unless the Application says otherwise, ms. */
const hookTimeoutMs = 3_600_000;

/** Runs the hooks of a phase, as the sources at hand have them (reference §1.6). */
export async function runDeletionHooks(pass: Pass, phase: DeletionPhase, options: DeletionOptions): Promise<Stage> {
  const { destination, app } = pass;
  if (!destination) return { kind: 'hindered', messages: ['its destination is not known'] };
  await options.loadTarget(pass);
  const { target } = pass;
  if (!target) return { kind: 'hindered', messages: [`its ${phase} hooks cannot be rendered: ${problems(pass)}`] };
  const run = runOf(app.metadata, target.revisions[0] ?? '');
  const tasks = deletionHookTasks(
    target.targets.map(({ object }) => object),
    phase,
    run,
  );
  const acting = writingTo(pass, destination, options);
  if ('problem' in acting) return { kind: 'hindered', messages: [`its ${phase} hooks cannot run: ${acting.problem}`] };
  const context: ExecuteContext = {
    destination: acting,
    mask: options.mask,
    comparer: pass.runtime.comparer,
    rules: pass.rules,
    respectIgnoreDifferences: false,
    secretValues: () => options.loader.secretValues(target),
  };
  return drive(pass, { phase, tasks, context, now: options.clock() });
}

/** The destination as deletions write to it: perhaps as another user, whom the project may not name. */
function writingTo(
  pass: Pass,
  destination: Destination,
  { acting }: DeletionOptions,
): Destination | { problem: string } {
  try {
    return acting?.(pass, destination) ?? destination;
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}

interface Driving {
  phase: DeletionPhase;
  tasks: readonly SyncTask[];
  context: ExecuteContext;
  now: number;
}

async function drive(pass: Pass, driving: Driving): Promise<Stage> {
  const { phase, tasks, context } = driving;
  // A hook is replaced at most once in a pass: deleted, then made.
  for (let round = 0; round < 2; round += 1) {
    const step = stepDeletionHooks(tasks, { live: (key) => context.destination.live.get(key) });
    if (step.kind === 'done') return { kind: 'done' };
    if (step.kind === 'wait') return stillRunning(step.tasks, driving);
    if (step.kind === 'failed') {
      const messages = step.failed.map(
        ({ task, message }) => `${phase} hook ${displayKey(task.key)} has failed: ${message}`,
      );
      if (!isRetryDue(pass, step.failed)) return { kind: 'hindered', messages };
      const again = step.failed.map(({ task, uid }): SyncAction => ({ kind: 'delete-hook', task, uid }));
      const refused = await execute(phase, again, context);
      if (refused.length > 0) return { kind: 'hindered', messages: refused };
      continue;
    }
    const refused = await execute(phase, step.actions, context);
    if (refused.length > 0) return { kind: 'hindered', messages: refused };
  }
  return { kind: 'going' };
}

/** Hooks may take their time; one that takes long is named, and not waited for without end. */
function stillRunning(tasks: readonly SyncTask[], { phase, context, now }: Driving): Stage {
  const slow = tasks.filter(({ key }) => {
    const { creationTimestamp } = context.destination.live.get(key)?.object?.metadata ?? {};
    return now - Date.parse(creationTimestamp ?? '') > slowMs;
  });
  if (slow.length === 0) return { kind: 'going' };
  const messages = slow.map(({ key }) => `${phase} hook ${displayKey(key)} has not completed yet`);
  return { kind: 'hindered', messages, timeoutMs: hookTimeoutMs };
}

/** Does it; what went wrong comes back. */
async function execute(
  phase: DeletionPhase,
  actions: readonly SyncAction[],
  context: ExecuteContext,
): Promise<string[]> {
  const outcomes = await executeActions(actions, context);
  return outcomes.flatMap(({ action, error }) =>
    error === undefined
      ? []
      : [
          `${phase} hook ${displayKey(action.task.key)} cannot be ${action.kind === 'apply' ? 'made' : 'deleted'}: ${error}`,
        ],
  );
}

/** A failure waits for its time, or for a refresh: then somebody may have mended the hook. */
function isRetryDue(pass: Pass, failed: readonly { uid: string | undefined }[]): boolean {
  const { runtime } = pass;
  const now = pass.steady();
  const failure = failed.map(({ uid }) => uid).join(' ');
  if (runtime.hookFailure?.id !== failure) {
    const count = (runtime.hookFailure?.count ?? 0) + 1;
    const wait = Math.min(retry.max, retry.first * 2 ** (count - 1));
    runtime.hookFailure = { id: failure, count, retryAt: now + wait };
  } else if (pass.refreshed) return true;
  const left = runtime.hookFailure.retryAt - now;
  if (left > 0) pass.later.push({ level: levels.compare, ms: left });
  return left <= 0;
}

function problems({ findings }: Pass): string {
  return findings.map(({ message }) => message).join('; ') || 'its sources are not known';
}

/**
 * Cleans up after phases whose hooks are through (reference §1.6): their objects are let go, and deleted where their
 * policy for how they ended says so. After the last phase, or before the Application is let go for other reasons, hooks
 * of its syncs are let go as well: nobody would do it later.
 */
export async function tidyHooks(
  pass: Pass,
  phases: readonly DeletionPhase[],
  options: DeletionOptions,
): Promise<Stage> {
  const { destination, application, app } = pass;
  if (!destination) return { kind: 'done' };
  const marks = phases.map((phase) => deletionRunId(runOf(app.metadata, ''), phase));
  const last = phases.includes('PostDelete');
  const messages: string[] = [];
  for (const { object, key, uid, health } of destination.live.managedBy(application)) {
    const ours = object && marks.includes(annotation(object, ownAnnotations.hookRun) ?? '');
    const held = object?.metadata.finalizers?.includes(finalizers.hook) ?? false;
    if (!object || !(ours || (held && last))) continue;
    try {
      const acting = options.acting?.(pass, destination) ?? destination;
      await releaseHook({ key, apiVersion: object.apiVersion }, { destination: acting, mask: options.mask });
      if (ours && goesWhenDone(object, health))
        await deleteObject(key, object.apiVersion, { destination: acting, uid, propagation: 'Background' });
    } catch (error) {
      messages.push(`hook ${displayKey(key)} cannot be cleaned up: ${errorMessage(error)}`);
    }
  }
  return messages.length > 0 ? { kind: 'hindered', messages } : { kind: 'done' };
}

function goesWhenDone(object: KubeObject, health: HealthStatus | undefined): boolean {
  const policy = hookPhase(health) === 'Succeeded' ? 'HookSucceeded' : 'HookFailed';
  return object.metadata.deletionTimestamp === undefined && deletePoliciesOf(object).includes(policy);
}

function runOf({ uid = '', deletionTimestamp = '' }: Pass['app']['metadata'], revision: string): DeletionRun {
  return { uid, deletionTimestamp, revision };
}
