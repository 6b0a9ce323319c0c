import { groupKindOf } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import type { KubeClient } from '../types.ts';
import { startAudits } from './audit/audits.ts';
import { descendantsOf } from './index/relatives.ts';
import { createEnsureWatched } from './kinds/ensure-watched.ts';
import { createLiveParts } from './live-parts.ts';
import type { LiveState, LiveStateOptions } from './types.ts';

/** Starts to watch a cluster. `ready()` tells when the first lists are there; nothing throws before. */
export function createLiveState(options: LiveStateOptions & { logger: Logger }): LiveState {
  const parts = createLiveParts(options);
  const { objects, watches, changes, stop } = parts;
  const { index } = objects;
  watches.reconcile();
  const started = watches.started();
  const auditNow = startAudits(parts, options);
  return {
    ready: () => started,
    get: (key) => index.get(key),
    managedBy: (application) => index.managedBy(application),
    descendants: (uid) => descendantsOf(index, uid),
    podsOn: (node) => index.podsOn(node),
    orphans: (namespace, exists) => [...index.looseIn(namespace), ...(exists ? index.strayIn(namespace, exists) : [])],
    observe: (object) => objects.observe(object, watches.get(groupKindOf(object)) !== undefined),
    forget: (key, uid) => objects.forget(key, uid),
    ensureWatched: createEnsureWatched(parts, options),
    assessAgain: (concerns) => watches.reread(concerns, (kind) => objects.takeAgain(kind)),
    failures: () => watches.failures(),
    doubt: ({ group, kind, namespace = '' }) => {
      const watch = watches.get({ group, kind });
      return watch ? watch.doubt(namespace) : unanswered(group, options.client);
    },
    audit: auditNow,
    onChange: (listener) => changes.listen(listener),
    stats: () => ({ kinds: watches.size, objects: index.size }),
    close: async () => {
      stop.abort();
      watches.close();
    },
  };
}

/** Of a group whose own server is down, nobody knows what kinds it has. */
function unanswered(group: string, { discovery }: KubeClient): string | undefined {
  const [api] = discovery.unanswered().filter((name) => name.startsWith(`${group}/`));
  return api === undefined ? undefined : `the server of the API ${api} does not answer: see its APIService`;
}
