import { groupOf, type KubeObject } from '@plumbline/manifests';

/** Groups whose kinds are the API server's own; other groups that end in `k8s.io` are custom resources. */
const groups: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Whether the API server itself defines the kind. */
export function isBuiltIn(object: Pick<KubeObject, 'apiVersion'>): boolean {
  return groups.has(groupOf(object));
}

/**
 * Whether an empty list and none are the same in objects of this kind: the server leaves empty lists of its own kinds out.
 * Not in definitions of custom resources, where a list may be a default value.
 */
export function emptyListsAreNone(object: KubeObject): boolean {
  return isBuiltIn(object) && object.kind !== 'CustomResourceDefinition';
}
