import { groupOf, type KubeObject } from '@plumbline/manifests';
import { isRecord } from './json-pointer.ts';
import { type KnownTypeField, normalizeKnownTypes } from './known-types.ts';

/** Which kinds' `/status` is left out of the comparison (argocd-cm `resource.compareoptions`, reference §3.2). */
export type IgnoreStatus = 'all' | 'crd' | 'none';

export interface NormalizeOptions {
  /** Default `all`. */
  ignoreStatus?: IgnoreStatus;
  /** Leaves out the rules that a controller gathers into an aggregated ClusterRole. */
  ignoreAggregatedRules?: boolean;
  /** Fields of custom resources whose values have several spellings. */
  knownTypes?: readonly KnownTypeField[];
}

const serverFields = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
] as const;

/** What kubectl notes for itself: no difference, and gone with the next sync. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/**
 * Leaves out what the server or a controller alone writes, and what settings leave out, so that only what somebody can
 * want is compared. Shares what it keeps.
 */
export function normalize(object: KubeObject, options: NormalizeOptions = {}): KubeObject {
  const { ignoreStatus = 'all', ignoreAggregatedRules = false, knownTypes } = options;
  const metadata = { ...object.metadata };
  for (const field of serverFields) delete metadata[field];
  const { [lastApplied]: noted, ...annotations } = metadata.annotations ?? {};
  if (noted !== undefined && Object.keys(annotations).length === 0) delete metadata.annotations;
  else if (noted !== undefined) metadata.annotations = annotations;
  const copy: KubeObject = { ...object, metadata };
  if (ignoreStatus === 'all' || (ignoreStatus === 'crd' && object.kind === 'CustomResourceDefinition')) {
    delete copy['status'];
  }
  if (isAggregated(object) && (ignoreAggregatedRules || hasNoRules(object))) delete copy['rules'];
  return normalizeKnownTypes(copy, knownTypes);
}

/** Whether a controller gathers the rules of a ClusterRole. */
function isAggregated(object: KubeObject): boolean {
  return isClusterRole(object) && isRecord(object['aggregationRule']);
}

function hasNoRules({ rules }: KubeObject & { rules?: unknown }): boolean {
  return rules === undefined || rules === null || (Array.isArray(rules) && rules.length === 0);
}

function isClusterRole(object: KubeObject): boolean {
  return object.kind === 'ClusterRole' && groupOf(object) === 'rbac.authorization.k8s.io';
}

/**
 * A rendered object as it may be sent in an apply: without the fields that the server refuses or ignores, and without the empty
 * list of rules of an aggregated ClusterRole, which would take away those that were gathered.
 */
export function applicable(target: KubeObject): KubeObject {
  const metadata = { ...target.metadata };
  for (const field of serverFields) delete metadata[field];
  const { rules: _none, ...rest } = target as KubeObject & { rules?: unknown };
  return isAggregated(target) && hasNoRules(target) ? { ...rest, metadata } : { ...target, metadata };
}
