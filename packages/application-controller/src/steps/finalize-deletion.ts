import { finalizers } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { errorMessage, hasCode } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { keyOf } from '@plumbline/manifests';
import { deletionWaves, displayKey } from '@plumbline/sync';
import { deleteObject } from '../operation/delete-object.ts';
import { forEachLimited } from '../operation/for-each-limited.ts';
import { permitted } from '../operation/prepare-attempt.ts';
import type { Pass } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';

const cascading: readonly string[] = [
  finalizers.resources,
  finalizers.resourcesForeground,
  finalizers.resourcesBackground,
];
const ours = /^(resources|pre-delete|post-delete)-finalizer\.argocd\.argoproj\.io(\/|$)/;
const parallel = 32;
/** Objects that are going are looked at again after this time, whatever is observed. */
const idleMs = 5_000;
/** Wait when the Application changed while its finalizers were taken off. */
const retryMs = 100;

/**
 * Carries a deletion on (reference §1.6): the managed objects go wave by wave, the highest first, each wave gone before
 * the next begins; then the finalizers come off. Where the destination cannot be resolved there is nothing to delete
 * from: the finalizers come off at once. True when the Application is released.
 */
export async function finalizeDeletion(pass: Pass, client: KubeClient): Promise<boolean> {
  const held = pass.app.metadata.finalizers ?? [];
  if (!held.some((name) => ours.test(name))) return true;
  const unresolvable = pass.destination === undefined && pass.findings.some(({ type }) => type === 'InvalidSpecError');
  const cascades = held.some((name) => cascading.includes(name));
  if (cascades && !unresolvable && !(await deleteManaged(pass))) return false;
  await release(pass, client);
  return true;
}

/** True when nothing is left to go. */
async function deleteManaged(pass: Pass): Promise<boolean> {
  const { app, destination, application } = pass;
  if (!destination) return false;
  const live = destination.live.managedBy(application).flatMap((node) => (node.object ? [node.object] : []));
  const plan = deletionWaves(live, {
    syncOptions: app.spec.syncPolicy?.syncOptions,
    self: {
      group: 'argoproj.io',
      kind: 'Application',
      namespace: app.metadata.namespace ?? '',
      name: app.metadata.name ?? '',
    },
    deletionTimestamp: app.metadata.deletionTimestamp ?? '',
    deletionApproved: app.metadata.annotations?.['argocd.argoproj.io/deletion-approved'],
    permitted: (key) => permitted(pass, key),
  });
  if (plan.unconfirmed.length > 0) {
    const names = plan.unconfirmed.map((object) => displayKey(keyOf(object))).join(', ');
    pass.findings.push({ type: 'DeletionError', message: `waiting for the deletion of ${names} to be confirmed` });
    return false;
  }
  const [next] = plan.waves;
  if (!next) return true;
  pass.later.push({ level: levels.compare, ms: idleMs });
  await deleteWave(pass, next.objects);
  const waiting = next.objects.some((object) => destination.live.get(keyOf(object)) !== undefined);
  return waiting ? false : deleteManaged(pass);
}

async function deleteWave(pass: Pass, objects: readonly KubeObject[]): Promise<void> {
  const { destination, app } = pass;
  if (!destination) return;
  const background = app.metadata.finalizers?.includes(finalizers.resourcesBackground);
  const standing = objects.filter((object) => object.metadata.deletionTimestamp === undefined);
  await forEachLimited(standing, parallel, async (object) => {
    try {
      const { uid } = object.metadata;
      await deleteObject(keyOf(object), object.apiVersion, {
        destination,
        uid,
        propagation: background ? 'Background' : 'Foreground',
      });
    } catch (error) {
      pass.findings.push({
        type: 'DeletionError',
        message: `${displayKey(keyOf(object))} cannot be deleted: ${errorMessage(error)}`,
      });
    }
  });
}

async function release(pass: Pass, client: KubeClient): Promise<void> {
  const { app } = pass;
  const kept = (app.metadata.finalizers ?? []).filter((name) => !ours.test(name));
  const ref = {
    apiVersion: app.apiVersion,
    kind: app.kind,
    namespace: app.metadata.namespace ?? '',
    name: app.metadata.name ?? '',
  };
  const metadata = { finalizers: kept.length > 0 ? kept : null, resourceVersion: app.metadata.resourceVersion };
  try {
    await client.patch(ref, { metadata }, { type: 'merge', fieldManager: 'argocd-controller-status' });
  } catch (error) {
    if (hasCode(error, 'KUBE_CONFLICT')) pass.later.push({ level: levels.compare, ms: retryMs });
    else if (!hasCode(error, 'KUBE_NOT_FOUND')) throw error;
  }
}
