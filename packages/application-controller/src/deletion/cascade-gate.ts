import { ownAnnotations } from '@plumbline/apis';
import { type KubeObject, keyOf, keyString, splitApiVersion } from '@plumbline/manifests';
import { type DeletionPlan, deletionWeight, judgeDeletions, totalWeight } from '@plumbline/sync';
import { budgetsOf, type DeletionGateOptions } from '../operation/deletion-gate.ts';
import { handOver, ownerElsewhere } from '../operation/hand-over.ts';
import type { Pass } from '../pass.ts';
import type { DeletionOptions } from './deletion-stage.ts';

/**
 * Why a cascade deletion waits for an approval, or undefined where it may go on. Who deletes an Application has asked for
 * it; a budget holds only where `plumbline.dev/cascade-budget` or argocd-cm sets one. What was approved once stays so.
 */
export function cascadeHold(pass: Pass, plan: DeletionPlan, gate: DeletionGateOptions): string | undefined {
  const { app, runtime } = pass;
  const { cascade } = budgetsOf(pass, gate.settings);
  if (!cascade) return undefined;
  const objects = plan.waves.flatMap((wave) => wave.objects);
  const deletions = objects.map((object) => ({ key: keyOf(object), weight: deletionWeight(keyOf(object), object) }));
  const operation = `cascade ${app.metadata.deletionTimestamp ?? ''}`;
  const { approved } = runtime.operations;
  if (approved?.operation === operation && deletions.every(({ key }) => approved.keys.has(keyString(key))))
    return undefined;
  const verdict = judgeDeletions({
    deletions,
    total: totalWeight(deletions) + plan.kept.length,
    budget: cascade,
    window: undefined,
    spent: 0,
    occasion: [operation, app.metadata.uid ?? ''],
    approval: app.metadata.annotations?.[ownAnnotations.deletionApproved],
  });
  if (verdict.allowed) {
    const digest = verdict.approved ? verdict.digest : '';
    const keys = new Set(deletions.map(({ key }) => keyString(key)));
    runtime.operations.approved = { operation, digest, keys };
    return undefined;
  }
  const { digest, reason } = verdict;
  return `waiting for an approval of ${reason}. Approve with "plumb app approve ${app.metadata.name} ${digest}" or the annotation ${ownAnnotations.deletionApproved}: ${digest}`;
}

/** Hands a live object over to the other Application that renders it now; false where there is none. */
export async function handOverMoved(
  pass: Pass,
  object: KubeObject,
  { gate, mask }: Pick<DeletionOptions, 'gate' | 'mask'>,
): Promise<boolean> {
  const { destination } = pass;
  const key = keyOf(object);
  const owner = gate && ownerElsewhere(pass, key, gate.others);
  if (!owner || !destination || object.metadata.deletionTimestamp) return false;
  const { version } = splitApiVersion(object.apiVersion);
  await handOver({ key, version, uid: object.metadata.uid }, owner, { destination, mask });
  return true;
}
