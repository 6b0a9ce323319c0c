import { joinApiVersion, type KubeObject } from '@plumbline/manifests';
import { objectId } from '../objects/known-objects.ts';
import type { PageSink } from '../objects/lists.ts';
import { isLater } from '../objects/resource-version.ts';
import type { ApiResource, KnownObject, KnownObjects, WatchEvent } from '../types.ts';

/** Turns a list into the events that were missed since `known` was up to date. */
export interface Relist extends PageSink {
  /** All pages are read: tells of the objects that are gone. */
  finish(resourceVersion: string): void;
}

function goneObject(resource: ApiResource, id: string, { uid, resourceVersion }: KnownObject): KubeObject {
  const slash = id.indexOf('/');
  const namespace = id.slice(0, slash);
  return {
    apiVersion: joinApiVersion(resource.group, resource.version),
    kind: resource.kind,
    metadata: { name: id.slice(slash + 1), ...(namespace ? { namespace } : {}), uid, resourceVersion },
  };
}

export function createRelist(resource: ApiResource, known: KnownObjects, onEvent: (event: WatchEvent) => void): Relist {
  let seen = new Set<string>();
  const tell = (object: KubeObject): void => {
    const id = objectId(object);
    seen.add(id);
    const before = known.get(id);
    if (before === undefined) {
      onEvent({ type: 'ADDED', object });
    } else if (before.uid !== object.metadata.uid) {
      onEvent({ type: 'DELETED', object: goneObject(resource, id, before) });
      onEvent({ type: 'ADDED', object });
    } else if (before.resourceVersion !== object.metadata.resourceVersion) {
      onEvent({ type: 'MODIFIED', object });
    }
  };
  return {
    onStart: () => {
      seen = new Set();
    },
    onPage: (items) => items.forEach(tell),
    finish: (resourceVersion) => {
      for (const [id, object] of [...known.entries()]) {
        // What is later than the list was written by us meanwhile; the watch will tell.
        if (seen.has(id) || isLater(object.resourceVersion, resourceVersion)) continue;
        onEvent({ type: 'DELETED', object: goneObject(resource, id, object) });
      }
      seen = new Set();
    },
  };
}
