import type { KubeObject } from './types.ts';

/** Kinds in the order of their creation (reference §2.1). */
const order = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
] as const;

const ranks: ReadonlyMap<string, number> = new Map(order.map((kind, index) => [kind, index - order.length]));

/** Place of a kind in the order of creation: negative for the known kinds, 0 for every other one, which comes after. */
export function kindRank(kind: string): number {
  return ranks.get(kind) ?? 0;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Orders objects by kind rank, then name, then namespace. */
export function compareByKind(a: KubeObject, b: KubeObject): number {
  return (
    kindRank(a.kind) - kindRank(b.kind) ||
    compareText(a.metadata.name ?? '', b.metadata.name ?? '') ||
    compareText(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
  );
}
