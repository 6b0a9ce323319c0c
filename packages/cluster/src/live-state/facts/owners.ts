import { type KubeObject, type ResourceKey, splitApiVersion } from '@plumbline/manifests';
import { fields, items, text } from '../fields.ts';
import type { LiveNode } from '../types.ts';

type Owner = LiveNode['owners'][number];

const none: readonly Owner[] = [];
const noTokens: readonly string[] = [];

/** The namespace of an owner: '' where its kind is cluster-scoped. */
export type OwnerKeyOf = (
  owner: { group: string; kind: string; name: string; uid: string },
  child: KubeObject,
) => ResourceKey;

/** Owners that an object names itself: owner references, and the account of a service-account token. */
export function namedOwners(object: KubeObject, keyOfOwner: OwnerKeyOf): readonly Owner[] {
  const { ownerReferences } = object.metadata;
  if (ownerReferences && ownerReferences.length > 0) {
    return ownerReferences.map(({ apiVersion, kind, name, uid }) => {
      const { group, version } = splitApiVersion(apiVersion);
      return { uid, version, key: keyOfOwner({ group, kind, name, uid }, object) };
    });
  }
  return tokenOwner(object) ?? none;
}

function tokenOwner(object: KubeObject): readonly Owner[] | undefined {
  if (object.kind !== 'Secret' || object['type'] !== 'kubernetes.io/service-account-token') return undefined;
  const { annotations, namespace = '' } = object.metadata;
  const name = annotations?.['kubernetes.io/service-account.name'];
  const uid = annotations?.['kubernetes.io/service-account.uid'];
  if (!name || !uid) return undefined;
  return [{ uid, version: 'v1', key: { group: '', kind: 'ServiceAccount', namespace, name } }];
}

const operators = 'operators.coreos.com';

/**
 * The mark by which an object without owner references can find its owner: Endpoints their Service by name, a
 * PersistentVolumeClaim its StatefulSet by `<template>-<statefulset>-<n>`, a ClusterServiceVersion its OperatorGroup by
 * annotation (reference §6).
 */
export function childToken(group: string, object: KubeObject): string | undefined {
  if ((object.metadata.ownerReferences ?? []).length > 0) return undefined;
  const { namespace = '', name = '', annotations } = object.metadata;
  switch (`${group}/${object.kind}`) {
    case '/Endpoints':
      return `service:${namespace}/${name}`;
    case '/PersistentVolumeClaim': {
      const ordinal = /-\d+$/.exec(name);
      return ordinal ? `claim:${namespace}/${name.slice(0, ordinal.index)}` : undefined;
    }
    case `${operators}/ClusterServiceVersion`: {
      const owner = annotations?.['olm.operatorGroup'];
      return owner ? `operator-group:${annotations['olm.operatorNamespace'] ?? namespace}/${owner}` : undefined;
    }
    default:
      return undefined;
  }
}

/** The marks that an object's inferred children bear. */
export function parentTokens(group: string, object: KubeObject): readonly string[] {
  const { namespace = '', name = '' } = object.metadata;
  switch (`${group}/${object.kind}`) {
    case '/Service':
      return [`service:${namespace}/${name}`];
    case `${operators}/OperatorGroup`:
      return [`operator-group:${namespace}/${name}`];
    case 'apps/StatefulSet':
      return items(fields(object['spec'])['volumeClaimTemplates']).flatMap((template) => {
        const claim = text(fields(template['metadata'])['name']);
        return claim ? [`claim:${namespace}/${claim}-${name}`] : [];
      });
    default:
      return noTokens;
  }
}
