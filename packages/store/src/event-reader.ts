import type { Logger } from '@plumbline/telemetry';
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { settleWithin } from './within.ts';
import { isLater } from './work-item.ts';

/** Before the first event of a queue. */
export const noEvent = '0-0';
const newEvents = '$';
const retryMs = 1_000;
const closeMs = 2_000;
/** Ids begin with a time; one so far ahead (ms) is of a stream that was tampered with. */
const maxAheadMs = 60_000;

interface EventReaderParts {
  name: string;
  prefix: string;
  /** BullMQ duplicates it. */
  redis: Redis;
  logger: Logger;
  /** An entry was done; `text` is what its worker gave. */
  onEnd(entry: string, text: unknown, event: string): void;
  /** An entry was given up. */
  onLost(entry: string, reason: string, event: string): void;
}

/** Tells of the ends of a queue's entries. Where something in the stream ends the reading, it begins again after that. */
export class EventReader {
  readonly #parts: EventReaderParts;
  #events: QueueEvents | undefined;
  #newest = noEvent;
  #closed = false;

  constructor(parts: EventReaderParts) {
    this.#parts = parts;
  }

  /** Reads from now on what comes after the given event, the last one there is. */
  listen(last: string): void {
    if (this.#closed) return;
    const isAhead = Number(this.#newest.split('-')[0]) > Date.now() + maxAheadMs;
    if (this.#events && isAhead && isLater(this.#newest, last)) this.#end(this.#events);
    if (!this.#events) this.#begin(last);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#events) await settleWithin(this.#events.close(), closeMs);
  }

  #begin(lastEventId: string): void {
    const { name, prefix, redis, logger, onEnd, onLost } = this.#parts;
    const options = { connection: redis, prefix, lastEventId, autorun: false, skipVersionCheck: true };
    const events = new QueueEvents(name, options);
    events.setMaxListeners(0);
    events.on('error', (error) => logger.debug('queue events failed', { queue: name, error }));
    events.on('completed', ({ jobId, returnvalue }, event) =>
      this.#seen(event, () => onEnd(jobId, returnvalue, event)),
    );
    events.on('failed', ({ jobId, failedReason }, event) =>
      this.#seen(event, () => onLost(jobId, failedReason, event)),
    );
    this.#events = events;
    if (lastEventId !== newEvents) this.#newest = lastEventId;
    events.run().catch((error: unknown) => {
      if (this.#closed || this.#events !== events) return;
      logger.warn('queue events cannot be read and are read anew', { queue: name, error });
      setTimeout(() => {
        if (this.#events === events) this.#end(events);
        if (!this.#closed && !this.#events) this.#begin(newEvents);
      }, retryMs).unref();
    });
  }

  #end(events: QueueEvents): void {
    this.#events = undefined;
    void settleWithin(events.close(), closeMs);
  }

  #seen(event: string, tell: () => void): void {
    if (isLater(event, this.#newest)) this.#newest = event;
    tell();
  }
}
