import { createHash } from 'node:crypto';
import { deserializeError, type SerializedError, serializeError } from '@plumbline/errors';
import { parseJson, stringifyJson } from '@plumbline/manifests';

/** What a queue entry carries. Texts, because BullMQ's own JSON knows no 64-bit numbers. */
export interface WorkItemData {
  /** The content key, readable. */
  id: string;
  request: string;
  /** W3C traceparent of who asked; absent where nothing is traced. */
  traceparent?: string;
}

/** How one run of a work item ended. `run` tells runs of equal items apart. */
export interface Outcome {
  run: string;
  result?: string;
  error?: SerializedError;
}

/** How long the outcome of a run can be read after it; callers look about every second. */
export const outcomeTtlSeconds = 60;

/** The name of a content key in BullMQ, which forbids colons and plain numbers. */
export function entryId(id: string): string {
  return `w${createHash('sha256').update(id).digest('base64url')}`;
}

/** The Redis key of the latest outcome of an entry. */
export function outcomeKey(prefix: string, queue: string, entry: string): string {
  return `${prefix}:outcome:${queue}:${entry}`;
}

export function succeeded(run: string, result: unknown): Outcome {
  return { run, ...(result === undefined ? {} : { result: stringifyJson(result) }) };
}

export function failed(run: string, error: unknown): Outcome {
  return { run, error: serializeError(error) };
}

/** Whether what an entry carries, as Redis holds it, can be worked on and is of this content key. */
export function carries(id: string, data: string | null | undefined, options: string | null | undefined): boolean {
  try {
    const item = JSON.parse(data ?? 'null') as Partial<WorkItemData> | null;
    JSON.parse(options ?? '{}');
    return isWorkItem(item) && item.id === id;
  } catch {
    return false;
  }
}

/** Whether this was added by us, and nobody changed it so that it cannot be read. */
export function isWorkItem(data: Partial<WorkItemData> | null): data is WorkItemData {
  if (typeof data?.id !== 'string' || typeof data.request !== 'string') return false;
  try {
    parseJson(data.request);
    return true;
  } catch {
    return false;
  }
}

/** The result of a run, or the error thrown in it. */
export function open<Result>(outcome: Outcome): Result {
  if (outcome.error) throw deserializeError(outcome.error);
  return (outcome.result === undefined ? undefined : parseJson(outcome.result)) as Result;
}

/** An outcome as Redis holds it; undefined where it is none. */
export function parseOutcome(text: string | null | undefined): Outcome | undefined {
  if (!text) return undefined;
  try {
    const value = parseJson(text) as Partial<Outcome> | null;
    return typeof value?.run === 'string' ? (value as Outcome) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the entry `a` of a Redis stream comes after `b`. Ids are `<milliseconds>-<sequence>`. */
export function isLater(a: string, b: string): boolean {
  const [aTime = 0, aSequence = 0] = a.split('-').map(Number);
  const [bTime = 0, bSequence = 0] = b.split('-').map(Number);
  return aTime === bTime ? aSequence > bSequence : aTime > bTime;
}
