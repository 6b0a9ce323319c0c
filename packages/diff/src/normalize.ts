import type { KubeObject } from '@plumbline/manifests';

/** Which kinds' `/status` is left out of the comparison (argocd-cm `resource.compareoptions`, reference §3.2). */
export type IgnoreStatus = 'all' | 'crd' | 'none';

const serverFields = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
] as const;

/** Leaves out what the server alone writes, so that only what somebody can want is compared. Shares what it keeps. */
export function normalize(object: KubeObject, ignoreStatus: IgnoreStatus = 'all'): KubeObject {
  const metadata = { ...object.metadata };
  for (const field of serverFields) delete metadata[field];
  const copy: KubeObject = { ...object, metadata };
  if (ignoreStatus === 'all' || (ignoreStatus === 'crd' && object.kind === 'CustomResourceDefinition')) {
    delete copy['status'];
  }
  return copy;
}

/** A rendered object as it may be sent in an apply: without the fields that the server refuses or ignores. */
export function applicable(target: KubeObject): KubeObject {
  const metadata = { ...target.metadata };
  for (const field of serverFields) delete metadata[field];
  return { ...target, metadata };
}
