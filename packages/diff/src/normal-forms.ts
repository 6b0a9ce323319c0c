import { deepEqual, type JsonValue } from '@plumbline/manifests';
import { isRecord } from './json-pointer.ts';
import { canonicalDuration } from './known-types.ts';
import { sameQuantity } from './quantity.ts';

/** Whether two values mean the same: spellings of numbers, quantities, durations, times, base64; order; nothing. */
export function sameMeaning(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (deepEqual(a, b) || (isNothing(a) && isNothing(b))) return true;
  if (Array.isArray(a) && Array.isArray(b)) return sameEntries(a, b);
  if (isRecord(a) && isRecord(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameMeaning(a[name], b[name]));
  }
  if (typeof a === 'object' || typeof b === 'object' || a === undefined || b === undefined) return false;
  if (String(a) === String(b) || sameQuantity(a, b)) return true;
  return [canonicalDuration, timeOf, unbroken].some((form) => form(a) !== undefined && form(a) === form(b));
}

/** Null, and empty text, lists and maps: what servers leave out. */
function isNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every(isNothing);
}

function sameEntries(a: readonly JsonValue[], b: readonly JsonValue[]): boolean {
  if (a.length !== b.length) return false;
  const left = [...b];
  return a.every((item) => {
    const index = left.findIndex((other) => sameMeaning(item, other));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** Text without the line breaks that base64 may have, and in lower case where it is a name of the network. */
function unbroken(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replace(/\s+/g, '') : undefined;
}
