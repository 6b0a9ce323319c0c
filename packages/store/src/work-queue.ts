import { errorMessage, PlumblineError } from '@plumbline/errors';
import { stringifyJson } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { EventReader, noEvent } from './event-reader.ts';
import { type Before, Flight } from './flight.ts';
import { createQueueRepair, type QueueRepair, type SuspectEntry } from './queue-repair.ts';
import { closing, isRefused, readOrDrop, unavailable } from './redis-calls.ts';
import type { WorkQueue } from './types.ts';
import { waitFor } from './wait-for.ts';
import { carries, entryId, isLater, open, outcomeKey, parseOutcome, type WorkItemData } from './work-item.ts';

/** How often entries are looked after whose end no event has told. */
const lookMs = 1_000;
const retryAddMs = 250;
/** How long an entry that is there may go without an end before it is asked whether it can have one. */
const suspectMs = 3_000;

interface WorkQueueParts {
  name: string;
  prefix: string;
  redis: Redis;
  queue: Queue<WorkItemData>;
  logger: Logger;
}

/**
 * {@link WorkQueue} over BullMQ. Entries are named by their content key and removed by the step that finishes them, so
 * that equal items in the queue are one, and a call after the end of a run starts another. A call is answered by what
 * ended after it came only: an event later than the queue's last one, or a run other than the last known one.
 */
export class RedisWorkQueue<Request, Result> implements WorkQueue<Request, Result> {
  readonly #parts: WorkQueueParts;
  readonly #flights = new Map<string, Flight>();
  readonly #events: EventReader;
  readonly #repair: QueueRepair;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #closed = false;

  constructor(parts: WorkQueueParts) {
    this.#parts = parts;
    this.#repair = createQueueRepair({ ...parts, toKey: (key) => parts.queue.toKey(key) });
    this.#events = new EventReader({
      ...parts,
      onEnd: (entry, text, event) => this.#onEnd(entry, text, event),
      onLost: (entry, reason, event) => this.#onLost(entry, reason, event),
    });
  }

  async call(id: string, request: Request, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Result> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw closing();
    const flight = this.#join(id, request);
    try {
      return open<Result>(
        await waitFor(flight.outcome, { ...options, late: () => this.#late(flight, options.timeoutMs) }),
      );
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) this.#forget(flight);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const flight of this.#flights.values()) flight.fail(closing());
    this.#flights.clear();
    await this.#events.close();
  }

  #join(id: string, request: Request): Flight {
    const entry = entryId(id);
    const known = this.#flights.get(entry);
    const flight = known ?? new Flight(entry, id, stringifyJson(request));
    flight.waiting += 1;
    if (known) return known;
    this.#flights.set(entry, flight);
    this.#timer ??= setInterval(() => void this.#lookAfter(), lookMs).unref();
    flight.outcome.finally(() => this.#forget(flight)).catch(() => undefined);
    void this.#launch(flight);
    return flight;
  }

  #forget(flight: Flight): void {
    if (this.#flights.get(flight.entry) === flight) this.#flights.delete(flight.entry);
    if (this.#flights.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #isWanted(flight: Flight): boolean {
    return this.#flights.get(flight.entry) === flight;
  }

  #late(flight: Flight, timeoutMs: number): PlumblineError {
    const { redis, name } = this.#parts;
    if (flight.problem !== undefined) return unavailable(errorMessage(flight.problem), flight.problem);
    if (redis.status !== 'ready') return unavailable(`no connection for ${timeoutMs} ms`);
    return new PlumblineError('STORE_TIMEOUT', `no worker finished an item of the queue ${name} in ${timeoutMs} ms`, {
      retry: 'transient',
      hint: `check that workers of the queue ${name} run and keep up`,
      details: { queue: name, id: flight.id },
    });
  }

  /** Puts the entry into the queue, trying until it is there or nobody waits any more. */
  async #launch(flight: Flight): Promise<void> {
    flight.added = false;
    while (this.#isWanted(flight)) {
      try {
        flight.before ??= await this.#readBefore(flight);
        this.#events.listen(flight.before.event);
        await this.#add(flight);
        flight.added = true;
        flight.since = performance.now();
        flight.problem = undefined;
        return;
      } catch (error) {
        flight.problem = error;
        this.#parts.logger.debug('work item could not be added', { queue: this.#parts.name, error });
        if (isRefused(error)) await this.#mend([{ name: flight.entry, broken: false }]);
        await new Promise((resolve) => setTimeout(resolve, retryAddMs));
      }
    }
  }

  async #readBefore(flight: Flight): Promise<Before> {
    const { redis, queue, prefix, name } = this.#parts;
    const outcome = outcomeKey(prefix, name, flight.entry);
    const [last, text] = await Promise.all([
      redis.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1),
      readOrDrop(redis, outcome, () => redis.get(outcome)),
    ]);
    return { event: last[0]?.[0] ?? noEvent, run: parseOutcome(text)?.run };
  }

  async #add({ entry, id, request, traceparent }: Flight): Promise<void> {
    await this.#parts.queue.add(
      'item',
      { id, request, ...(traceparent ? { traceparent } : {}) },
      {
        jobId: entry,
        attempts: 1,
        removeOnComplete: true,
        removeOnFail: true,
      },
    );
  }

  #waitingFor(entry: string, event: string): Flight | undefined {
    const flight = this.#flights.get(entry);
    return flight?.before && isLater(event, flight.before.event) ? flight : undefined;
  }

  #onEnd(entry: string, text: unknown, event: string): void {
    const outcome = typeof text === 'string' ? parseOutcome(text) : undefined;
    if (outcome) this.#waitingFor(entry, event)?.settle(outcome);
  }

  /** BullMQ gives an item up whose workers vanished too often, and its own failures end here too. */
  #onLost(entry: string, reason: string, event: string): void {
    const { name } = this.#parts;
    this.#waitingFor(entry, event)?.fail(
      new PlumblineError('STORE_WORK_LOST', `an item of the queue ${name} was given up: ${reason}`, {
        retry: 'transient',
        hint: `check whether workers of the queue ${name} crash or run out of memory`,
      }),
    );
  }

  /** Answers flights whose event was missed, and adds again what vanished with a flushed or restarted Redis. */
  async #lookAfter(): Promise<void> {
    const { redis, queue, prefix, name, logger } = this.#parts;
    const flights = [...this.#flights.values()].filter((flight) => flight.added);
    if (this.#looking || flights.length === 0 || redis.status !== 'ready') return;
    this.#looking = true;
    try {
      const pipeline = redis.pipeline();
      for (const { entry } of flights) pipeline.exists(queue.toKey(entry)).get(outcomeKey(prefix, name, entry));
      const answers = (await pipeline.exec()) ?? [];
      for (const [index, flight] of flights.entries()) {
        const [existsError, exists] = answers[2 * index] ?? [new Error('no answer')];
        const [outcomeError, text] = answers[2 * index + 1] ?? [new Error('no answer')];
        if (existsError) continue;
        this.#judge(flight, exists === 1, outcomeError ? undefined : parseOutcome(text as string | null));
      }
      await this.#lookAtOld(flights);
    } catch (error) {
      logger.debug('queue could not be looked after', { queue: name, error });
    } finally {
      this.#looking = false;
    }
  }

  #judge(flight: Flight, exists: boolean, outcome: ReturnType<typeof parseOutcome>): void {
    if (!this.#isWanted(flight) || !flight.added) return;
    if (outcome && outcome.run !== flight.before?.run) {
      flight.settle(outcome);
      return;
    }
    if (exists) return;
    this.#parts.logger.info('work item vanished and is added again', { queue: this.#parts.name, id: flight.id });
    void this.#launch(flight);
  }

  /** Drops entries that have no end in sight because Redis has them wrong; the next look adds them again. */
  async #lookAtOld(flights: readonly Flight[]): Promise<void> {
    const { redis, queue } = this.#parts;
    const old = flights.filter((flight) => this.#isWanted(flight) && performance.now() - flight.since > suspectMs);
    if (old.length === 0) return;
    const pipeline = redis.pipeline();
    for (const { entry } of old) pipeline.hmget(queue.toKey(entry), 'data', 'opts');
    const answers = (await pipeline.exec()) ?? [];
    await this.#repair(
      old.map((flight, index) => {
        flight.since = performance.now();
        const [data, options] = (answers[index]?.[1] ?? []) as (string | null)[];
        const gone = data == null && options == null;
        return { name: flight.entry, broken: !gone && !carries(flight.id, data, options) };
      }),
    );
  }

  async #mend(entries: readonly SuspectEntry[]): Promise<void> {
    const { logger, name } = this.#parts;
    await this.#repair(entries).catch((error: unknown) => {
      logger.debug('queue cannot be repaired', { queue: name, error });
    });
  }
}
