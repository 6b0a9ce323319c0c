import { finalizers } from '@plumbline/apis';
import { groupKindOf, type KubeObject, type ResourceKey } from '@plumbline/manifests';

/** One object that is to be deleted, and how much it counts. */
export interface Deletion {
  key: ResourceKey;
  weight: number;
}

/** What takes other things with it, or cannot be made again, counts for more than one object. */
const weights: Readonly<Record<string, number>> = {
  '/Namespace': 10,
  'apiextensions.k8s.io/CustomResourceDefinition': 10,
  '/PersistentVolumeClaim': 5,
  'argoproj.io/Application': 5,
  'argoproj.io/ApplicationSet': 10,
};

/**
 * How much the deletion of an object counts: 1, more for the kinds above, and for an Application that cascades as much
 * as it has objects. `object` is the live one, as far as it is known.
 */
export function deletionWeight(key: ResourceKey, object: KubeObject | undefined): number {
  const weight = weights[`${key.group}/${key.kind}`] ?? 1;
  return object && cascades(object) ? Math.max(weight, managedCount(object)) : weight;
}

/** Whether what the object counts goes beyond itself: then even its re-creation is a deletion. */
export function isWeighty(key: ResourceKey): boolean {
  return deletionWeight(key, undefined) > 1;
}

function cascades(object: KubeObject): boolean {
  const { group, kind } = groupKindOf(object);
  if (group !== 'argoproj.io' || kind !== 'Application') return false;
  return (object.metadata.finalizers ?? []).some((name) => name.startsWith(finalizers.resources));
}

function managedCount(object: KubeObject): number {
  const resources = (object['status'] as { resources?: unknown[] } | undefined)?.resources;
  return Array.isArray(resources) ? resources.length : 0;
}
