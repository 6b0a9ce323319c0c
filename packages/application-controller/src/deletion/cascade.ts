import { annotations, applicationGroup, finalizers } from '@plumbline/apis';
import { errorMessage } from '@plumbline/errors';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { type DeletionPlan, deletionWaves, displayKey } from '@plumbline/sync';
import { deleteObject } from '../operation/delete-object.ts';
import { forEachLimited } from '../operation/for-each-limited.ts';
import { permitted } from '../operation/prepare-attempt.ts';
import { releaseHook } from '../operation/release-hook.ts';
import type { Pass } from '../pass.ts';
import { asksOthers } from './ask-others.ts';
import { cascadeHold, handOverMoved } from './cascade-gate.ts';
import type { DeletionOptions, Stage } from './deletion-stage.ts';
import { named } from './listing.ts';
import { unseenKinds } from './unseen-kinds.ts';

const parallel = 32;
/** An object that takes longer to go is named, with what holds it. */
const slowMs = 30_000;

/** What goes with the Application, in its order, and what stays. */
export function cascadePlan({ app, application, destination, ...pass }: Pass): DeletionPlan {
  const nodes = destination?.live.managedBy(application) ?? [];
  const { name = '', namespace = '', deletionTimestamp = '', annotations: notes } = app.metadata;
  return deletionWaves(
    nodes.flatMap((node) => (node.object ? [node.object] : [])),
    {
      syncOptions: app.spec.syncPolicy?.syncOptions,
      self: { group: applicationGroup, kind: 'Application', namespace, name },
      deletionTimestamp,
      deletionApproved: notes?.[annotations.deletionApproved],
      permitted: (key) => permitted({ ...pass, app, application, destination }, key),
    },
  );
}

/**
 * Deletes the managed objects wave by wave, the highest first, each wave gone before the next begins (reference §1.6).
 * Nothing is taken for gone while kinds that the Application uses cannot be seen.
 */
export async function deleteManaged(pass: Pass, options: DeletionOptions): Promise<Stage> {
  const { destination } = pass;
  if (!destination) return { kind: 'hindered', messages: ['its destination is not known'] };
  const unseen = unseenKinds(pass);
  if (unseen.length > 0) return { kind: 'hindered', messages: unseen };
  const plan = cascadePlan(pass);
  if (plan.unconfirmed.length > 0) return { kind: 'waiting', message: unconfirmed(plan) };
  if (options.gate && asksOthers(pass, plan, options.gate)) return { kind: 'going' };
  const hold = options.gate && cascadeHold(pass, plan, options.gate);
  if (hold) return { kind: 'waiting', message: hold };
  for (const { objects } of plan.waves) {
    const messages = await deleteWave(pass, objects, options);
    if (messages.length > 0) return { kind: 'hindered', messages };
    const stays = (object: KubeObject) => destination.live.get(keyOf(object))?.application === pass.application;
    const left = objects.filter(stays);
    if (left.length > 0) return waitingFor(left, options.clock());
  }
  return { kind: 'done' };
}

function unconfirmed({ unconfirmed: objects }: DeletionPlan): string {
  return `waiting for the deletion of ${named(objects.map(keyOf))} to be confirmed: set the annotation ${annotations.deletionApproved} on the Application to the time now`;
}

/** What could not be deleted. */
async function deleteWave(pass: Pass, objects: readonly KubeObject[], options: DeletionOptions): Promise<string[]> {
  const { destination, app } = pass;
  const { mask } = options;
  if (!destination) return [];
  const propagation = app.metadata.finalizers?.includes(finalizers.resourcesBackground) ? 'Background' : 'Foreground';
  const problems: string[] = [];
  await forEachLimited(objects, parallel, async (object) => {
    const key = keyOf(object);
    try {
      if (await handOverMoved(pass, object, options)) return;
      const acting = options.acting?.(pass, destination) ?? destination;
      if (object.metadata.finalizers?.includes(finalizers.hook))
        await releaseHook({ key, apiVersion: object.apiVersion }, { destination: acting, mask });
      if (object.metadata.deletionTimestamp !== undefined) return;
      const { uid } = object.metadata;
      await deleteObject(key, object.apiVersion, { destination: acting, uid, propagation });
    } catch (error) {
      problems.push(`${displayKey(key)} cannot be deleted: ${errorMessage(error)}`);
    }
  });
  return problems.sort();
}

function waitingFor(left: readonly KubeObject[], now: number): Stage {
  const slow = left.filter(({ metadata }) => now - Date.parse(metadata.deletionTimestamp ?? '') > slowMs);
  if (slow.length === 0) return { kind: 'going' };
  const held = [...new Set(slow.flatMap(({ metadata }) => metadata.finalizers ?? []))];
  const by = held.length > 0 ? `, held by the finalizers ${held.join(', ')}` : '';
  return { kind: 'waiting', message: `waiting for ${named(slow.map(keyOf))} to go${by}` };
}
