import { errorMessage, PlumblineError } from '@plumbline/errors';
import { type GroupKind, groupKindOf, groupOf } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import { pause } from '../backoff.ts';
import type { LiveState, LiveStateOptions } from '../types.ts';
import { ChangeCollector } from './change-collector.ts';
import { isExcludedByDefault, isNeverWatched } from './exclusions.ts';
import { LiveObjects } from './live-objects.ts';
import { Rediscovery } from './rediscovery.ts';
import { descendantsOf } from './relatives.ts';
import { WatchSet } from './watch-set.ts';

/** How long a kind may take from its CRD's creation until discovery names it. */
const newKindDelaysMs = [0, 50, 100, 200, 400, 800, 1_600, 3_200];

interface Parts {
  objects: LiveObjects;
  watches: WatchSet;
  changes: ChangeCollector;
  stop: AbortController;
}

function createParts({
  client,
  exclude,
  secretMask,
  trackingOf,
  assess,
  logger,
  namespaces = [],
  clusterResources = false,
}: LiveStateOptions & { logger: Logger }): Parts {
  const stop = new AbortController();
  const changes = new ChangeCollector((error) =>
    logger.error('a listener of live changes failed', { error: errorMessage(error) }),
  );
  const { discovery } = client;
  const objects = new LiveObjects({ discovery, secretMask, trackingOf, ...(assess ? { assess } : {}), changes });
  const excluded = exclude ?? isExcludedByDefault;
  const rediscovery = new Rediscovery({
    discovery,
    logger,
    signal: stop.signal,
    onRefreshed: () => watches.reconcile(),
  });
  const watches: WatchSet = new WatchSet({
    client,
    logger,
    index: objects.index,
    namespaces,
    isExcluded: (kind) =>
      isNeverWatched(kind) || excluded(kind) || (namespaces.length > 0 && !kind.namespaced && !clusterResources),
    onEvent: (event) => {
      rediscovery.onEvent(groupOf(event.object), event);
      objects.onEvent(event);
    },
    onNoSuchKind: () => rediscovery.refreshSoon(),
    onKindGone: (kind) => objects.forgetKind(kind),
  });
  return { objects, watches, changes, stop };
}

function createEnsureWatched(
  { watches, stop }: Parts,
  { client, exclude, namespaces = [], clusterResources = false }: LiveStateOptions,
): LiveState['ensureWatched'] {
  const excluded = (kind: GroupKind) => isNeverWatched(kind) || (exclude ?? isExcludedByDefault)(kind);
  return async (kind) => {
    const groupKind = groupKindOf(kind);
    if (excluded(groupKind)) return;
    const resource = namespaces.length > 0 && !clusterResources ? await client.discovery.find(kind) : undefined;
    if (resource?.namespaced === false) return;
    for (const delay of newKindDelaysMs) {
      const watch = watches.get(groupKind);
      if (watch) return watch.started;
      await pause(delay, stop.signal);
      if (stop.signal.aborted) return;
      await client.discovery.refresh();
      watches.reconcile();
    }
    await watches.get(groupKind)?.started;
    if (watches.get(groupKind)) return;
    throw new PlumblineError(
      'KUBE_NO_SUCH_KIND',
      `${client.server} does not serve ${kind.kind} of ${kind.apiVersion}`,
      {
        retry: 'transient',
        hint: 'see the conditions of its CustomResourceDefinition',
      },
    );
  };
}

/** Starts to watch a cluster. `ready()` tells when the first lists are there; nothing throws before. */
export function createLiveState(options: LiveStateOptions & { logger: Logger }): LiveState {
  const parts = createParts(options);
  const { objects, watches, changes, stop } = parts;
  const { index } = objects;
  watches.reconcile();
  const started = watches.started();
  return {
    ready: () => started,
    get: (key) => index.get(key),
    managedBy: (application) => index.managedBy(application),
    descendants: (uid) => descendantsOf(index, uid),
    podsOn: (node) => index.podsOn(node),
    orphans: (namespace) => index.looseIn(namespace),
    observe: (object) => objects.observe(object, watches.get(groupKindOf(object)) !== undefined),
    forget: (key, uid) => objects.forget(key, uid),
    ensureWatched: createEnsureWatched(parts, options),
    assessAgain: (concerns) => watches.reread(concerns, (kind) => objects.takeAgain(kind)),
    failures: () => watches.failures(),
    onChange: (listener) => changes.listen(listener),
    stats: () => ({ kinds: watches.size, objects: index.size }),
    close: async () => {
      stop.abort();
      watches.close();
    },
  };
}
