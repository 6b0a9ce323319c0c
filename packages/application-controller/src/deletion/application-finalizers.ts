import { type Application, finalizers } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import { type DeletionPhase, deletionPhases } from '@plumbline/sync';
import type { Pass } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';

const ours = /^(resources|pre-delete|post-delete)-finalizer\.argocd\.argoproj\.io(\/|$)/;
/** Wait when the Application changed while its finalizers were taken off, ms. */
const retryMs = 100;

/** The finalizers of each phase's hooks: they are to run, and to be cleaned up. */
export const hookFinalizers: Readonly<Record<DeletionPhase, { run: string; cleanup: string }>> = {
  PreDelete: { run: finalizers.preDelete, cleanup: finalizers.preDeleteCleanup },
  PostDelete: { run: finalizers.postDelete, cleanup: finalizers.postDeleteCleanup },
};

const cascading: readonly string[] = [
  finalizers.resources,
  finalizers.resourcesForeground,
  finalizers.resourcesBackground,
];

/** The finalizers by which we hold an Application. */
export function ourFinalizers(app: Application): readonly string[] {
  return (app.metadata.finalizers ?? []).filter((name) => ours.test(name));
}

/** Whether the managed objects go with the Application. */
export function cascades(app: Application): boolean {
  return holds(app, ...cascading);
}

/** Whether the Application has one of the finalizers. */
export function holds(app: Application, ...names: readonly string[]): boolean {
  return app.metadata.finalizers?.some((name) => names.includes(name)) ?? false;
}

/**
 * The finalizers that an Application should have: those for hooks of its deletion exactly while its manifests hold such
 * hooks (reference §1.6), all others as they are. Undefined: it has them already.
 */
export function wantedFinalizers(app: Application, targets: Parameters<typeof deletionPhases>[0]) {
  const phases = deletionPhases(targets);
  const held = app.metadata.finalizers ?? [];
  let wanted = [...held];
  for (const phase of ['PreDelete', 'PostDelete'] as const) {
    const { run, cleanup } = hookFinalizers[phase];
    if (!phases.has(phase)) wanted = wanted.filter((name) => name !== run && name !== cleanup);
    else wanted.push(...[run, cleanup].filter((name) => !held.includes(name)));
  }
  return wanted.length === held.length && wanted.every((name, index) => name === held[index]) ? undefined : wanted;
}

/** Takes finalizers off; where the Application changed meanwhile, the next pass tries again. True: they are off. */
export async function dropFinalizers(pass: Pass, names: readonly string[], client: KubeClient): Promise<boolean> {
  const { app } = pass;
  const kept = (app.metadata.finalizers ?? []).filter((name) => !names.includes(name));
  const ref = {
    apiVersion: app.apiVersion,
    kind: app.kind,
    namespace: app.metadata.namespace ?? '',
    name: app.metadata.name ?? '',
  };
  const metadata = { finalizers: kept.length > 0 ? kept : null, resourceVersion: app.metadata.resourceVersion };
  try {
    await client.patch(ref, { metadata }, { type: 'merge', fieldManager: 'argocd-controller-status' });
    return true;
  } catch (error) {
    if (hasCode(error, 'KUBE_NOT_FOUND')) return true;
    if (!hasCode(error, 'KUBE_CONFLICT')) throw error;
    pass.later.push({ level: levels.compare, ms: retryMs });
    return false;
  }
}
