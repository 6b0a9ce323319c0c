import { leftBehind, tellAbandoned, tellKept } from '../deletion/abandon.ts';
import { cascades, dropFinalizers, holds, hookFinalizers, ourFinalizers } from '../deletion/application-finalizers.ts';
import { deleteManaged } from '../deletion/cascade.ts';
import { deadlineWords, deletionDeadline } from '../deletion/deletion-deadline.ts';
import { runDeletionHooks, tidyHooks } from '../deletion/deletion-hooks.ts';
import type { DeletionOptions, Stage } from '../deletion/deletion-stage.ts';
import { named } from '../deletion/listing.ts';
import { type Pass, timestamp } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';

/** What is going is looked at again after this time, whatever is observed. */
const idleMs = 5_000;
/** What hinders is tried again after this time. */
const hinderedMs = 10_000;

/**
 * Carries a deletion on (reference §1.6): PreDelete hooks, the managed objects wave by wave, PostDelete hooks; then the
 * finalizers come off. What hinders it holds it up for a bounded time only: then the Application is let go, its objects
 * stay, and events name them. Where the destination does not exist there is nothing to delete from: that happens at
 * once. True when the Application is released.
 */
export async function finalizeDeletion(pass: Pass, options: DeletionOptions): Promise<boolean> {
  const held = ourFinalizers(pass.app);
  if (held.length === 0) return true;
  const invalid = pass.findings.find(({ type }) => type === 'InvalidSpecError');
  if (!pass.destination && invalid) return abandon(pass, `its destination does not exist: ${invalid.message}`, options);
  const stage = await advance(pass, options);
  if (stage.kind === 'hindered') return hindered(pass, stage, options);
  const { runtime } = pass;
  // A hook that is tried again has not got over its failure yet.
  if (stage.kind === 'going' && runtime.hookFailure && runtime.hindrance)
    return hindered(pass, { messages: runtime.hindrance.messages }, options);
  runtime.hindrance = undefined;
  if (stage.kind === 'done') return release(pass, options);
  pass.later.push({ level: levels.compare, ms: idleMs });
  if (stage.kind === 'waiting') pass.findings.push({ type: 'DeletionError', message: stage.message });
  return false;
}

/** From stage to stage until one is not through; each phase of hooks ends with a write, so that it never runs twice. */
async function advance(pass: Pass, options: DeletionOptions): Promise<Stage> {
  const { app, destination } = pass;
  if (!destination) return { kind: 'hindered', messages: [unreachable(pass)] };
  if (holds(app, hookFinalizers.PreDelete.run)) return runPhase(pass, 'PreDelete', options);
  if (holds(app, hookFinalizers.PreDelete.cleanup)) {
    const stage = await tidyHooks(pass, ['PreDelete'], options);
    if (stage.kind !== 'done') return stage;
  }
  if (cascades(app)) {
    const stage = await deleteManaged(pass, options);
    if (stage.kind !== 'done') return stage;
  }
  if (holds(app, hookFinalizers.PostDelete.run)) return runPhase(pass, 'PostDelete', options);
  return tidyHooks(pass, ['PreDelete', 'PostDelete'], options);
}

async function runPhase(pass: Pass, phase: 'PreDelete' | 'PostDelete', options: DeletionOptions): Promise<Stage> {
  const stage = await runDeletionHooks(pass, phase, options);
  if (stage.kind !== 'done') return stage;
  pass.runtime.hookFailure = undefined;
  await dropFinalizers(pass, [hookFinalizers[phase].run], options.client);
  return { kind: 'going' };
}

function unreachable({ findings }: Pass): string {
  return findings.map(({ message }) => message).join('; ') || 'its destination is not known';
}

type Hindrance = Omit<Extract<Stage, { kind: 'hindered' }>, 'kind'>;

/** Shown with what will come of it; when its time is over, the Application is let go. */
async function hindered(pass: Pass, hindrance: Hindrance, options: DeletionOptions): Promise<boolean> {
  const { messages } = hindrance;
  const problem = messages.slice(0, 3).join('; ') + (messages.length > 3 ? ` and ${messages.length - 3} more` : '');
  const deadline = deletionDeadline(pass, hindrance, options.clock());
  const left = (deadline ?? Number.POSITIVE_INFINITY) - options.clock();
  if (left <= 0) return abandon(pass, problem, options);
  pass.later.push({ level: levels.compare, ms: Math.min(hinderedMs, left) });
  const objects = leftBehind(pass);
  const behind = objects.length > 0 ? `, and these objects stay: ${named(objects)}` : '';
  const ending =
    deadline === undefined ? '' : `. If that lasts until ${timestamp(new Date(deadline))}, ${deadlineWords}${behind}`;
  pass.findings.push({ type: 'DeletionError', message: `${problem}${ending}` });
  return false;
}

async function abandon(pass: Pass, reason: string, options: DeletionOptions): Promise<boolean> {
  await tidyHooks(pass, ['PreDelete', 'PostDelete'], options);
  const released = await dropFinalizers(pass, ourFinalizers(pass.app), options.client);
  if (released) await tellAbandoned(pass, reason, options);
  return released;
}

async function release(pass: Pass, options: DeletionOptions): Promise<boolean> {
  const released = await dropFinalizers(pass, ourFinalizers(pass.app), options.client);
  if (released && cascades(pass.app)) await tellKept(pass, options);
  return released;
}
