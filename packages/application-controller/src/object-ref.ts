import type { ObjectRef } from '@plumbline/cluster';
import type { ResourceKey } from '@plumbline/manifests';

/** How a request names an object. */
export function refOf({ kind, namespace, name }: ResourceKey, apiVersion: string): ObjectRef {
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
}
