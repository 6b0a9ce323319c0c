import { createHash, randomUUID } from 'node:crypto';
import { hasCode } from '@plumbline/errors';
import { type JsonValue, parseJson, stringifyJson } from '@plumbline/manifests';
import { type InspectPayload, type InspectRequest, type InspectResult, inspectQueue } from '@plumbline/protocol';
import type { Store } from '@plumbline/store';
import { apiFailure } from '../http/api-failure.ts';

/** Asks the application-controllers what only they know. */
export interface Inspector {
  ask<K extends InspectRequest['kind']>(
    request: Extract<InspectRequest, { kind: K }>,
    signal: AbortSignal,
  ): Promise<InspectPayload[K]>;
  /** Leaves a value that a request refers to, sealed and for a minute or two; gives its key. */
  hand(value: unknown): Promise<string>;
  /** The same for bytes. */
  handBytes(bytes: Buffer): Promise<string>;
  close(): Promise<void>;
}

/** Long enough for a render of a large source that is not cached. */
const patienceMs = 60_000;
const inputTtlSeconds = 120;

/** An {@link Inspector} over the store's queue `inspect`. Equal questions at one time are asked once. */
export function createInspector(store: Pick<Store, 'queue' | 'sealed'>): Inspector {
  const queue = store.queue<InspectRequest, InspectResult>(inspectQueue);
  const bytes = async (request: InspectRequest, signal: AbortSignal): Promise<Buffer | undefined> => {
    const id = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    const { key } = await queue.call(id, request, { timeoutMs: patienceMs, signal });
    return store.sealed.get(key);
  };
  const handBytes = async (value: Buffer): Promise<string> => {
    const key = `inspect-input:${randomUUID()}`;
    await store.sealed.set(key, value, inputTtlSeconds);
    return key;
  };
  return {
    ask: async <K extends InspectRequest['kind']>(
      request: Extract<InspectRequest, { kind: K }>,
      signal: AbortSignal,
    ) => {
      try {
        // Redis may be emptied between answer and read: then the question is asked again.
        const answer = (await bytes(request, signal)) ?? (await bytes(request, signal));
        if (answer) return parseJson(answer.toString('utf8')) as InspectPayload[K];
      } catch (error) {
        if (!hasCode(error, 'STORE_TIMEOUT')) throw error;
        const text = `the application-controller did not answer within ${patienceMs / 1000} s: is it running?`;
        throw apiFailure('DeadlineExceeded', text, error);
      }
      throw apiFailure('Unavailable', 'the answer of the application-controller got lost: try again');
    },
    hand: (value) => handBytes(Buffer.from(stringifyJson(value as JsonValue))),
    handBytes,
    close: () => queue.close(),
  };
}
