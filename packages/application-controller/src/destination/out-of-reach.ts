import type { ResourceKey } from '@plumbline/manifests';
import type { Destination } from './destinations.ts';

/** What a destination may hold. */
export type Reach = Pick<Destination, 'name' | 'namespaces' | 'clusterResources'>;

/**
 * Why an object cannot be managed on a cluster whose Secret names namespaces (reference §6, namespaced mode); undefined:
 * it can.
 */
export function outOfReach(
  { kind, namespace, name }: ResourceKey,
  { name: cluster, namespaces, clusterResources }: Reach,
): string | undefined {
  if (namespaces.length === 0) return undefined;
  if (namespace === '') {
    return clusterResources ? undefined : `Cluster level ${kind} "${name}" can not be managed when in namespaced mode`;
  }
  if (namespaces.includes(namespace)) return undefined;
  return `Namespace "${namespace}" for ${kind} "${name}" is not managed: cluster ${cluster} is restricted to ${namespaces.join(', ')}`;
}
