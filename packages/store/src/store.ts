import { type Logger, type Metrics, noTracing, type Tracing } from '@plumbline/telemetry';
import { Queue } from 'bullmq';
import { openConnection } from './connection.ts';
import { createCounters } from './counters.ts';
import { createJsonCache } from './json-cache.ts';
import { createPubSub } from './pub-sub.ts';
import { sampleDepth } from './queue-depth.ts';
import { RedisCalls } from './redis-calls.ts';
import { createSealedCache } from './sealed-cache.ts';
import type { Store, Worker, WorkQueue } from './types.ts';
import { settleWithin } from './within.ts';
import type { WorkItemData } from './work-item.ts';
import { RedisWorkQueue } from './work-queue.ts';
import { RedisWorker, type WorkWorkerParts } from './work-worker.ts';

const connectMs = 10_000;
const closeMs = 2_000;
/** Events kept for readers that lag: some thousand items in flight. Older ones cost a second look, no more. */
const keptEvents = 40_000;

export interface StoreOptions {
  /** `redis://` or `rediss://`. */
  redisUrl: string;
  /** 32 bytes, from `sealKeyFrom`. */
  sealKey: Buffer;
  logger: Logger;
  metrics?: Metrics | undefined;
  /** Work items carry the trace of who asked for them. */
  tracing?: Tracing | undefined;
  /** Begins every key; default `plumb`. */
  prefix?: string | undefined;
  /** The component, in metrics; default `plumbline`. */
  initiator?: string | undefined;
}

class RedisStore implements Store {
  readonly sealed: Store['sealed'];
  readonly json: Store['json'];
  readonly counters: Store['counters'];
  readonly pubsub: Store['pubsub'];
  readonly #options: StoreOptions;
  readonly #prefix: string;
  readonly #calls: RedisCalls;
  readonly #redis: ReturnType<typeof openConnection>;
  readonly #connections = new Set<ReturnType<typeof openConnection>>();
  readonly #bullQueues = new Map<string, Queue<WorkItemData>>();
  readonly #queues = new Map<string, WorkQueue<unknown, unknown>>();
  readonly #workers = new Set<Worker>();
  readonly #endings: (() => void)[] = [];
  #closed: Promise<void> | undefined;

  constructor(options: StoreOptions) {
    const { sealKey, logger, metrics, prefix = 'plumb', initiator = 'plumbline' } = options;
    this.#options = options;
    this.#prefix = prefix;
    this.#calls = new RedisCalls(initiator, metrics);
    this.#redis = this.#open('main');
    const parts = { redis: this.#redis, calls: this.#calls, prefix, logger };
    this.sealed = createSealedCache({ ...parts, sealKey });
    this.json = createJsonCache(parts);
    this.counters = createCounters(parts);
    this.pubsub = createPubSub({ ...parts, openSubscriber: () => this.#open('subscriber') });
  }

  queue<Request, Result>(name: string): WorkQueue<Request, Result> {
    const known = this.#queues.get(name);
    if (known) return known as WorkQueue<Request, Result>;
    const made = new RedisWorkQueue<Request, Result>({
      name,
      prefix: this.#prefix,
      redis: this.#redis,
      queue: this.#bullQueue(name),
      logger: this.#options.logger,
    });
    this.#queues.set(name, made as WorkQueue<unknown, unknown>);
    return made;
  }

  worker<Request, Result>(
    name: string,
    handler: WorkWorkerParts<Request, Result>['handler'],
    { concurrency }: { concurrency: number },
  ): Worker {
    this.#bullQueue(name);
    const { logger, tracing = noTracing } = this.#options;
    const made = new RedisWorker<Request, Result>({
      name,
      prefix: this.#prefix,
      redis: this.#redis,
      concurrency,
      handler,
      logger,
      tracing,
    });
    this.#workers.add(made);
    return made;
  }

  async ping(timeoutMs?: number): Promise<void> {
    await this.#calls.run('ping', () => this.#redis.ping(), timeoutMs);
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    for (const end of this.#endings) end();
    await Promise.all([...this.#workers].map((worker) => worker.close()));
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    await settleWithin(Promise.all([...this.#bullQueues.values()].map((queue) => queue.close())), closeMs);
    for (const connection of this.#connections) connection.disconnect();
  }

  #open(role: string) {
    const connection = openConnection(this.#options.redisUrl, role, this.#options.logger);
    this.#connections.add(connection);
    return connection;
  }

  #bullQueue(name: string): Queue<WorkItemData> {
    const known = this.#bullQueues.get(name);
    if (known) return known;
    const { logger, metrics } = this.#options;
    const queue = new Queue<WorkItemData>(name, {
      connection: this.#redis,
      prefix: this.#prefix,
      skipVersionCheck: true,
      streams: { events: { maxLen: keptEvents } },
    });
    queue.setMaxListeners(0);
    queue.on('error', (error) => logger.debug('queue reports an error', { queue: name, error }));
    this.#bullQueues.set(name, queue);
    if (metrics) this.#endings.push(sampleDepth(queue, metrics, logger));
    return queue;
  }
}

/**
 * Connects to Redis. Lost connections come back by themselves, for ever.
 *
 * @throws PlumblineError `STORE_UNAVAILABLE` (transient) where there is no Redis within ten seconds.
 */
export async function createStore(options: StoreOptions): Promise<Store> {
  if (options.sealKey.length !== 32) throw new RangeError('the key of the seal must have 32 bytes');
  const store = new RedisStore(options);
  try {
    await store.ping(connectMs);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
