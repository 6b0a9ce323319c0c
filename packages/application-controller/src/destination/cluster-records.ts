import { errorMessage } from '@plumbline/errors';
import {
  type ClusterRecord,
  clusterInvalidateChannel,
  clusterRecordKey,
  clusterRecordSeconds,
  type InvalidateCluster,
} from '@plumbline/protocol';
import type { Store } from '@plumbline/store';
import type { Logger } from '@plumbline/telemetry';
import type { Destination } from './destinations.ts';

export interface ClusterRecordsOptions {
  store: Pick<Store, 'json' | 'pubsub'>;
  connected(): Promise<readonly Destination[]>;
  logger: Logger;
  /** Default once in {@link clusterRecordSeconds}. */
  everyMs?: number;
  now?: () => Date;
}

/** The record of a cluster that is watched; most kinds failing is a cluster that does not answer. */
export function recordOf({ live, kubeVersion, client }: Destination, since: Date, now: Date): ClusterRecord {
  const { kinds, objects } = live.stats();
  const failures = [...live.failures()];
  const lost = failures.length > 0 && failures.length >= kinds;
  return {
    serverVersion: kubeVersion,
    connection: {
      status: lost ? 'Failed' : 'Successful',
      message: lost ? (failures[0]?.[1] ?? '') : '',
      attemptedAt: now.toISOString(),
    },
    cache: { resourcesCount: objects, apisCount: kinds, lastCacheSyncTime: since.toISOString() },
    apiVersions: [...client.discovery.apiVersions()],
  };
}

/**
 * Leaves in the store what is known of each connected cluster, so that the API servers need not ask the clusters; and reads live
 * objects again where they ask for it. Returns how to stop.
 */
export async function keepClusterRecords(options: ClusterRecordsOptions): Promise<() => Promise<void>> {
  const { store, connected, logger, everyMs = clusterRecordSeconds.written * 1_000, now = () => new Date() } = options;
  /** When all objects of a connection were last read. */
  const read = new WeakMap<Destination, Date>();
  const write = async (): Promise<void> => {
    for (const destination of await connected()) {
      const since = read.get(destination) ?? now();
      read.set(destination, since);
      const record = recordOf(destination, since, now());
      await store.json.set(clusterRecordKey(destination.server), record, clusterRecordSeconds.kept);
    }
  };
  const failed = (error: unknown) =>
    logger.warn('what is known of clusters was not told', { error: errorMessage(error) });
  const timer = setInterval(() => void write().catch(failed), everyMs);
  timer.unref();
  const invalidate = async (server: string): Promise<void> => {
    const destination = (await connected()).find((one) => one.server === server);
    if (!destination) return;
    const wrong = await destination.live.audit();
    read.set(destination, now());
    logger.info('the live objects of a cluster were read again, as was asked', { server, wrong: [...wrong] });
    await write();
  };
  const stop = await store.pubsub.subscribe(clusterInvalidateChannel, (message) => {
    invalidate((message as InvalidateCluster).server).catch(failed);
  });
  return async () => {
    clearInterval(timer);
    await stop();
  };
}
