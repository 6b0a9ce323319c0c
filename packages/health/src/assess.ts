import { finalizers } from '@plumbline/apis';
import { groupKindOf, type KubeObject } from '@plumbline/manifests';
import { healthCheckOf } from './registry.ts';
import type { HealthStatus } from './types.ts';
import { progressing } from './verdict.ts';

/**
 * The health of a live object (reference §5), or undefined when its kind has no check and therefore does not count.
 * An object that is being deleted is Progressing, whatever its kind; a hook that only waits for its result to be read is
 * not (reference §1.6).
 */
export function assessHealth(object: KubeObject): HealthStatus | undefined {
  const { metadata } = object;
  if (metadata.deletionTimestamp && !metadata.finalizers?.includes(finalizers.hook))
    return progressing('Pending deletion');
  return healthCheckOf(groupKindOf(object))?.(object);
}
