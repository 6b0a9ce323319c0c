import { traceparent } from '@plumbline/telemetry';
import type { Outcome } from './work-item.ts';

/** What was already over when a call came: nothing of it may answer the call. */
export interface Before {
  /** Id of the last event of the queue. */
  event: string;
  /** The last known run of the entry. */
  run: string | undefined;
}

/** One entry that this process waits for, shared by all callers with its content key. */
export class Flight {
  readonly entry: string;
  readonly id: string;
  readonly request: string;
  /** Trace of the first caller. */
  readonly traceparent: string | undefined;
  readonly outcome: Promise<Outcome>;
  /** Callers that still wait. */
  waiting = 0;
  /** Unknown until Redis has been asked. */
  before: Before | undefined;
  /** Whether the entry is known to be in the queue. */
  added = false;
  /** When it was added, or last found in order, ms. */
  since = 0;
  /** The last reason why it could not be added. */
  problem: unknown;
  settle: (outcome: Outcome) => void = () => {};
  fail: (error: unknown) => void = () => {};

  constructor(entry: string, id: string, request: string) {
    this.entry = entry;
    this.id = id;
    this.request = request;
    this.traceparent = traceparent();
    this.outcome = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
    });
    this.outcome.catch(() => undefined);
  }
}
