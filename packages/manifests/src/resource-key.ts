import type { GroupKind, KubeObject, ResourceKey } from './types.ts';

/** `apps/v1` → `{group: 'apps', version: 'v1'}`; `v1` → group ''. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The inverse of {@link splitApiVersion}. */
export function joinApiVersion(group: string, version: string): string {
  return group ? `${group}/${version}` : version;
}

/** The group of an object's apiVersion. */
export function groupOf(object: { apiVersion: string }): string {
  return splitApiVersion(object.apiVersion).group;
}

export function groupKindOf(object: { apiVersion: string; kind: string }): GroupKind {
  return { group: groupOf(object), kind: object.kind };
}

/** Identity of an object; a missing name (generateName) is ''. */
export function keyOf(object: KubeObject): ResourceKey {
  return {
    group: groupOf(object),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name ?? '',
  };
}

/** `group/kind/namespace/name`: a map key. */
export function keyString(key: ResourceKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}

/** The inverse of {@link keyString}. */
export function parseKeyString(text: string): ResourceKey {
  const [group = '', kind = '', namespace = '', ...name] = text.split('/');
  return { group, kind, namespace, name: name.join('/') };
}
