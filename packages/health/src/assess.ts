import { groupKindOf, type KubeObject } from '@plumbline/manifests';
import { healthCheckOf } from './registry.ts';
import type { HealthStatus } from './types.ts';
import { progressing } from './verdict.ts';

/** Keeps a finished hook alive until its result is read (reference §1.6): its deletion is not news. */
const hookFinalizer = 'argocd.argoproj.io/hook-finalizer';

/**
 * The health of a live object (reference §5), or undefined when its kind has no check and therefore does not count.
 * An object that is being deleted is Progressing, whatever its kind.
 */
export function assessHealth(object: KubeObject): HealthStatus | undefined {
  const { deletionTimestamp, finalizers } = object.metadata;
  if (deletionTimestamp && !finalizers?.includes(hookFinalizer)) return progressing('Pending deletion');
  return healthCheckOf(groupKindOf(object))?.(object);
}
