/** What a workload cost. Times in seconds, memory in MiB. Undefined = not measured. */
export interface Cost {
  wall: number;
  /** CPU of the engine's processes and of what they started, user and system. */
  cpu?: number;
  /** Resident memory of the same processes, right after the workload. */
  memory?: number;
  /** Requests that the engine sent to the API server, by verb. */
  kubeRequests?: ReadonlyMap<string, number>;
  /** Bytes to and from Redis. */
  redisBytes?: number;
}

/** The rows of the result table, in order. */
const rowNames = [
  'floor',
  'first-sync',
  'noop-refresh',
  'commit-changed',
  'commit-all',
  'drift-p50',
  'drift-max',
  'helm-first-sync',
  'big-first-sync',
  'big-noop-refresh',
  'hard-refresh',
  'delete',
] as const;
export type RowName = (typeof rowNames)[number];

/** What rows are told in multiples of: the wall time of `floor`, or one bare PATCH and GET. */
type Unit = 'floor' | 'bare';

/** A measured row. */
export interface Row {
  name: RowName;
  title: string;
  unit: Unit;
  cost: Cost;
}

/** Everything a run measured. */
export interface Figures {
  apps: number;
  rows: readonly Row[];
  /** Median of a bare PATCH and GET of one ConfigMap, seconds. */
  bare?: number;
}
