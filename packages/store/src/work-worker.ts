import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { parseJson } from '@plumbline/manifests';
import type { Logger, Tracing } from '@plumbline/telemetry';
import { Worker as BullWorker, type Job, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import { createQueueRepair, type QueueRepair } from './queue-repair.ts';
import { closing, isRefused } from './redis-calls.ts';
import type { Worker } from './types.ts';
import { VanishedWorkers } from './vanished-workers.ts';
import { settleWithin } from './within.ts';
import {
  failed,
  isWorkItem,
  type Outcome,
  outcomeKey,
  outcomeTtlSeconds,
  succeeded,
  type WorkItemData,
} from './work-item.ts';

/** A worker that stops renewing for so long has lost its items … */
const lockMs = 10_000;
/** … which the others find when they look this often. Those of a process that ended are free earlier. */
const stalledLookMs = 1_000;
/** How many workers may vanish over one item before it is given up. */
const maxVanished = 3;
const retryMs = 1_000;
/** How often the queue's own keys are looked at, beside when Redis refuses a command. */
const repairMs = 5_000;
/** How long handlers have to end after they were told to. */
const closeMs = 5_000;
const closeWithoutRedisMs = 500;

export interface WorkWorkerParts<Request, Result> {
  name: string;
  prefix: string;
  /** BullMQ duplicates it for the wait for items. */
  redis: Redis;
  concurrency: number;
  handler(request: Request, context: { id: string; signal: AbortSignal }): Promise<Result>;
  logger: Logger;
  tracing: Tracing;
}

type Item = Job<WorkItemData, string>;

/** {@link Worker} over BullMQ. Items that are unfinished at its end go back to the queue at once. */
export class RedisWorker<Request, Result> implements Worker {
  readonly #parts: WorkWorkerParts<Request, Result>;
  readonly #worker: BullWorker<WorkItemData, string>;
  readonly #vanished: VanishedWorkers;
  readonly #closing = new AbortController();
  readonly #repair: QueueRepair;
  readonly #timer: NodeJS.Timeout;
  #closed: Promise<void> | undefined;

  constructor(parts: WorkWorkerParts<Request, Result>) {
    const { name, prefix, redis, concurrency, logger } = parts;
    this.#parts = parts;
    setMaxListeners(0, this.#closing.signal);
    this.#worker = new BullWorker(name, (item: Item, token?: string) => this.#process(item, token), {
      connection: redis,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledLookMs,
      maxStalledCount: maxVanished,
      runRetryDelay: retryMs,
      skipVersionCheck: true,
      autorun: false,
    });
    this.#worker.setMaxListeners(0);
    this.#vanished = new VanishedWorkers({
      id: this.#worker.id,
      activeKey: this.#worker.toKey('active'),
      lockKey: (entry) => `${this.#worker.toKey(entry)}:lock`,
      redis,
      logger,
    });
    this.#repair = createQueueRepair({ name, redis, logger, toKey: (key) => this.#worker.toKey(key) });
    const look = this.#look();
    this.#timer = setInterval(look, repairMs).unref();
    this.#worker.on('error', (error) => {
      logger.debug('queue worker reports an error', { queue: name, error });
      if (isRefused(error)) look();
    });
    this.#worker.on('stalled', (entry) =>
      logger.warn('work item of a vanished worker is taken over', { queue: name, entry }),
    );
    void this.#run();
  }

  /** Looks at the queue's own keys, once at a time. */
  #look(): () => void {
    const { name, redis, logger } = this.#parts;
    let looking = false;
    return () => {
      if (looking || redis.status !== 'ready') return;
      looking = true;
      this.#repair()
        .catch((error: unknown) => logger.debug('queue cannot be looked at', { queue: name, error }))
        .finally(() => {
          looking = false;
        });
    };
  }

  async #run(): Promise<void> {
    await this.#vanished.shown();
    if (this.#closing.signal.aborted) return;
    const { name, logger } = this.#parts;
    await this.#worker.run().catch((error: unknown) => logger.debug('queue worker ended', { queue: name, error }));
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#closing.abort(closing());
    clearInterval(this.#timer);
    await settleWithin(this.#worker.close(), this.#parts.redis.status === 'ready' ? closeMs : closeWithoutRedisMs);
    this.#vanished.close();
  }

  async #process(item: Item, token: string | undefined): Promise<string> {
    if (!isWorkItem(item.data)) return this.#drop(item);
    const run = randomUUID();
    let outcome: Outcome;
    try {
      outcome = succeeded(run, await this.#handle(item.data));
    } catch (error) {
      if (this.#closing.signal.aborted) {
        await item.moveToWait(token);
        throw new WaitingError();
      }
      outcome = failed(run, error);
    }
    const text = JSON.stringify(outcome);
    await this.#publish(item, text);
    return text;
  }

  /** Of what nobody can work on there is no outcome: who waits for it adds it again. */
  async #drop({ id = '' }: Item): Promise<string> {
    await this.#repair([{ name: id, broken: true }]);
    return '';
  }

  /** Goes on with the trace of who asked. */
  #handle({ id, request: text, traceparent: parent }: WorkItemData): Promise<Result> {
    const { name, handler, tracing } = this.#parts;
    const handle = async () => handler(parseJson(text) as Request, { id, signal: this.#closing.signal });
    return parent ? tracing.begin(`work ${name}`, { parent, attributes: { queue: name } }, handle) : handle();
  }

  /** For callers who miss the event. Failing is no harm: the event carries the same. */
  async #publish(item: Item, text: string): Promise<void> {
    const { redis, prefix, name } = this.#parts;
    if (redis.status !== 'ready' || item.id === undefined) return;
    await redis.set(outcomeKey(prefix, name, item.id), text, 'EX', outcomeTtlSeconds).catch(() => undefined);
  }
}
