/** A queue as a call to a worker in another process. */
export interface WorkQueue<Request, Result> {
  /**
   * Adds the work item under its content key and waits for the result; equal keys at one time are done once across the
   * fleet. Survives a flushed Redis and a killed worker: what vanished is added again. Errors thrown by the worker
   * arrive as the `PlumblineError` they were. Throws `STORE_TIMEOUT` (transient).
   */
  call(id: string, request: Request, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Result>;
  close(): Promise<void>;
}

export interface Worker {
  close(): Promise<void>;
}

/** Bytes under a key, sealed: AES-256-GCM, the key name being authenticated too. A value that does not open is a miss. */
export interface SealedCache {
  get(key: string): Promise<Buffer | undefined>;
  set(key: string, value: Buffer, ttlSeconds: number): Promise<void>;
  has(key: string): Promise<boolean>;
  delete(key: string): Promise<void>;
}

/** Plain JSON under a key. Never for anything that may hold a secret. */
export interface JsonCache {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Numbers that all processes count together. */
export interface Counters {
  /** Adds one and begins the time to live anew; answers the sum. */
  increment(key: string, ttlMs: number): Promise<number>;
  /** 0 where nothing was counted. */
  get(key: string): Promise<number>;
  delete(key: string): Promise<void>;
}

export interface PubSub {
  publish(channel: string, message: unknown): Promise<void>;
  subscribe(channel: string, listener: (message: unknown) => void): Promise<() => Promise<void>>;
}

export interface Store {
  queue<Request, Result>(name: string): WorkQueue<Request, Result>;
  /** Takes work items of a queue. `handler` throws a PlumblineError to fail the item. */
  worker<Request, Result>(
    name: string,
    handler: (request: Request, context: { id: string; signal: AbortSignal }) => Promise<Result>,
    options: { concurrency: number },
  ): Worker;
  sealed: SealedCache;
  json: JsonCache;
  counters: Counters;
  pubsub: PubSub;
  ping(): Promise<void>;
  close(): Promise<void>;
}
