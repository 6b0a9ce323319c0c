import { PlumblineError } from '@plumbline/errors';
import { joinApiVersion } from '@plumbline/manifests';
import type { ApiResource } from '../types.ts';

/** Query parameters; undefined ones are left out. */
export function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) parts.push(`${name}=${encodeURIComponent(value)}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** The path of all objects of a kind, in one namespace or everywhere. */
export function collectionPath(resource: ApiResource, namespace: string | undefined): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  if (!resource.namespaced || !namespace) return `${root}/${resource.plural}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`;
}

/** The path of objects of a kind to create or address one: a namespaced kind needs a namespace (`KUBE_INVALID`). */
export function writePath(resource: ApiResource, namespace: string | undefined): string {
  if (resource.namespaced && !namespace) {
    const kind = `${joinApiVersion(resource.group, resource.version)} ${resource.kind}`;
    throw new PlumblineError('KUBE_INVALID', `${kind} is namespaced, but the object has no namespace`);
  }
  return collectionPath(resource, namespace);
}

/** The path of one object. */
export function objectPath(resource: ApiResource, ref: { namespace?: string | undefined; name: string }): string {
  if (ref.name === '') throw new PlumblineError('KUBE_INVALID', `the ${resource.kind} has no name`);
  return `${writePath(resource, ref.namespace)}/${encodeURIComponent(ref.name)}`;
}
