import type { KubeObject } from '@plumbline/manifests';
import type { KnownObject, KnownObjects, WatchEvent } from '../types.ts';

/** `namespace/name` of an object. */
export function objectId(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

/** What a watch without a cache behind it remembers: uid and resourceVersion of every object it has told of. */
interface RememberedObjects extends KnownObjects {
  remember(event: WatchEvent): void;
}

export function rememberObjects(): RememberedObjects {
  const objects = new Map<string, KnownObject>();
  return {
    get: (id) => objects.get(id),
    entries: () => objects,
    remember: ({ type, object }) => {
      const { uid = '', resourceVersion = '' } = object.metadata;
      if (type === 'DELETED') objects.delete(objectId(object));
      else objects.set(objectId(object), { uid, resourceVersion });
    },
  };
}
