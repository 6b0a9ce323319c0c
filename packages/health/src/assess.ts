import { finalizers } from '@plumbline/apis';
import { groupKindOf, type KubeObject } from '@plumbline/manifests';
import { healthCheckOf } from './registry.ts';
import type { HealthStatus } from './types.ts';
import { progressing } from './verdict.ts';

/**
 * The health of a live object by the bundled checks (reference §5), or undefined when its kind has none and therefore
 * does not count. Users' rules come before these: see `createHealth`.
 */
export function assessHealth(object: KubeObject): HealthStatus | undefined {
  return pendingDeletion(object) ?? healthCheckOf(groupKindOf(object))?.(object);
}

/**
 * An object that is being deleted is Progressing, whatever its kind; a hook that only waits for its result to be read is
 * not (reference §1.6).
 */
export function pendingDeletion({ metadata }: KubeObject): HealthStatus | undefined {
  if (!metadata.deletionTimestamp || metadata.finalizers?.includes(finalizers.hook)) return undefined;
  return progressing('Pending deletion');
}
