import { deepEqual, type JsonValue } from '@plumbline/manifests';
import { isRecord } from './json-pointer.ts';
import { canonicalDuration } from './known-types.ts';
import { sameQuantity } from './quantity.ts';

/**
 * Whether two values mean the same: spellings of numbers, quantities, durations, times and base64, what is left out where it
 * is empty, and the order of lists. `strict`: only what is the same in nearly every field of every kind, which leaves
 * quantities and empty lists and maps.
 */
export function sameMeaning(
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  { strict = false }: { strict?: boolean } = {},
): boolean {
  if (deepEqual(a, b) || (isNothing(a, strict) && isNothing(b, strict))) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (!strict) return sameEntries(a, b);
    return a.length === b.length && a.every((item, index) => sameMeaning(item, b[index], { strict }));
  }
  if (isRecord(a) && isRecord(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) =>
      sameMeaning(a[name], b[name], { strict }),
    );
  }
  if (typeof a === 'object' || typeof b === 'object' || a === undefined || b === undefined) return false;
  if (sameQuantity(a, b)) return true;
  if (strict) return false;
  if (String(a) === String(b)) return true;
  return [canonicalDuration, timeOf, unbroken].some((form) => form(a) !== undefined && form(a) === form(b));
}

/** Null, and empty text, lists and maps: what servers leave out. `strict`: no text. */
function isNothing(value: JsonValue | undefined, strict = false): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.values(value).every((member) => isNothing(member, strict));
  return value === '' && !strict;
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
