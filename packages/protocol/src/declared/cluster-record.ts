/** What a controller knows of a cluster, left in the store for the API servers. */
export interface ClusterRecord {
  /** For example `1.36.1`; '' where it never answered. */
  serverVersion: string;
  connection: { status: 'Successful' | 'Failed'; message: string; attemptedAt: string };
  cache: { resourcesCount: number; apisCount: number; lastCacheSyncTime: string };
  apiVersions: string[];
}

/** The key of a cluster's record in the store's JSON cache. */
export const clusterRecordKey = (server: string): string => `cluster-record:${server}`;

/** How often a controller writes its records, and how long they are believed, seconds. */
export const clusterRecordSeconds = { written: 10, kept: 60 } as const;

/** The channel on which API servers ask for the live state of a cluster to be read again: {@link InvalidateCluster}. */
export const clusterInvalidateChannel = 'cluster-invalidate';

export interface InvalidateCluster {
  server: string;
}
