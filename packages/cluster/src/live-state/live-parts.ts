import { errorMessage } from '@plumbline/errors';
import { type GroupKind, groupOf } from '@plumbline/manifests';
import type { Logger, Metrics } from '@plumbline/telemetry';
import type { ApiResource } from '../types.ts';
import { ChangeCollector } from './changes/change-collector.ts';
import { LiveObjects } from './index/live-objects.ts';
import { isExcludedByDefault, isNeverWatched } from './kinds/exclusions.ts';
import { Rediscovery } from './kinds/rediscovery.ts';
import { WatchSet } from './kinds/watch-set.ts';
import type { LiveStateOptions } from './types.ts';

/** What a live state is put together from. */
export interface LiveParts {
  objects: LiveObjects;
  watches: WatchSet;
  changes: ChangeCollector;
  /** Aborted when the live state is closed. */
  stop: AbortController;
}

type Options = LiveStateOptions & { logger: Logger };

/** Whether a kind is not to be watched. */
function exclusion({ exclude, namespaces = [], clusterResources = false }: Options): (kind: ApiResource) => boolean {
  const excluded: (kind: GroupKind) => boolean = exclude ?? isExcludedByDefault;
  const namespacedOnly = namespaces.length > 0 && !clusterResources;
  return (kind) => isNeverWatched(kind) || excluded(kind) || (namespacedOnly && !kind.namespaced);
}

/** How much is told at once, and how long that takes (reference §13.1). */
function batchMetrics(metrics: Metrics | undefined, server: string): ConstructorParameters<typeof ChangeCollector>[1] {
  if (!metrics) return undefined;
  const duration = metrics.histogram({
    name: 'argocd_resource_events_processing',
    help: 'Time to tell a batch of changes of live objects, seconds',
    labels: ['server'],
  });
  const size = metrics.gauge({
    name: 'argocd_resource_events_processed_in_batch',
    help: 'Changes of live objects in the last batch',
    labels: ['server'],
  });
  return ({ changes, seconds }) => {
    duration.observe({ server }, seconds);
    size.set({ server }, changes);
  };
}

export function createLiveParts(options: Options): LiveParts {
  const { client, logger, namespaces = [], respectRbac, metricsName: server = client.server } = options;
  const { discovery } = client;
  const stop = new AbortController();
  const changes = new ChangeCollector(
    (error) => logger.error('a listener of live changes failed', { error: errorMessage(error) }),
    batchMetrics(options.metrics, server),
  );
  const objects = new LiveObjects({ ...options, discovery, changes });
  const rediscovery = new Rediscovery({
    discovery,
    logger,
    signal: stop.signal,
    onRefreshed: () => watches.reconcile(),
  });
  const events = options.metrics?.counter({
    name: 'argocd_cluster_events_total',
    help: 'Changes of live objects that watches told of, first lists included',
    labels: ['server', 'group', 'kind'],
  });
  const watches: WatchSet = new WatchSet({
    client,
    logger,
    index: objects.index,
    namespaces,
    respectRbac,
    isExcluded: exclusion(options),
    onEvent: (event, { resource }) => {
      events?.inc({ server, group: resource.group, kind: resource.kind });
      rediscovery.onEvent(groupOf(event.object), event);
      objects.onEvent(event);
    },
    onNoSuchKind: () => rediscovery.refreshSoon(),
    onKindGone: (kind) => objects.forgetKind(kind),
    onDoubt: (kind) => objects.tellOf(kind),
  });
  return { objects, watches, changes, stop };
}
