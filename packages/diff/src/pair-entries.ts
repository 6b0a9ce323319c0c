import { deepEqual, type JsonValue } from '@plumbline/manifests';
import { isRecord } from './json-pointer.ts';

/**
 * For each wanted entry of an associative list the index of its live one, or undefined. Entries with the same keys come
 * first; then those that leave a key field to its default take what is left. No live entry is taken twice.
 */
export function pairEntries(
  wanted: readonly JsonValue[],
  live: readonly JsonValue[],
  names: readonly string[],
): (number | undefined)[] {
  const pairs: (number | undefined)[] = new Array<undefined>(wanted.length);
  const taken = new Set<number>();
  for (const matches of [sameKeys, sameGivenKeys]) {
    wanted.forEach((entry, position) => {
      if (pairs[position] !== undefined) return;
      const index = live.findIndex((other, at) => !taken.has(at) && matches(entry, other, names));
      if (index < 0) return;
      pairs[position] = index;
      taken.add(index);
    });
  }
  return pairs;
}

function sameKeys(a: JsonValue, b: JsonValue, names: readonly string[]): boolean {
  return isRecord(a) && isRecord(b) && names.every((name) => deepEqual(a[name], b[name]));
}

function sameGivenKeys(a: JsonValue, b: JsonValue, names: readonly string[]): boolean {
  if (!isRecord(a) || !isRecord(b)) return false;
  const given = names.filter((name) => a[name] !== undefined);
  return given.length > 0 && given.every((name) => deepEqual(a[name], b[name]));
}

/** Whether each entry can be told by its keys; servers let older objects have entries that cannot. */
export function haveDistinctKeys(entries: readonly JsonValue[], names: readonly string[]): boolean {
  const labels = entries.map((entry) => entryLabel(entry, names));
  return new Set(labels).size === labels.length;
}

/** Whether the paired live entries come in the order of the wanted ones. */
export function inOrder(pairs: readonly (number | undefined)[]): boolean {
  let last = -1;
  for (const index of pairs) {
    if (index === undefined) continue;
    if (index < last) return false;
    last = index;
  }
  return true;
}

/** How a path names an entry that is not live: `[name=x]`; a key field that is left to its default is empty. */
export function entryLabel(entry: JsonValue, names: readonly string[]): string {
  if (!isRecord(entry)) return '-';
  return `[${names.map((name) => `${name}=${String(entry[name] ?? '')}`).join(',')}]`;
}

/** Whether two paths name the same field, or one a part of the other. */
export function overlap(a: readonly string[], b: readonly string[]): boolean {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) if (!samePart(a[at] ?? '', b[at] ?? '')) return false;
  return true;
}

function samePart(a: string, b: string): boolean {
  if (a === b) return true;
  if (!a.startsWith('[') || !b.startsWith('[')) return false;
  const [ours, theirs] = [labelFields(a), labelFields(b)];
  return ours.length === theirs.length && ours.every(([name, value], at) => sameField(name, value, theirs[at]));
}

function sameField(name: string, value: string, other: readonly [string, string] | undefined): boolean {
  return other !== undefined && other[0] === name && (value === '' || other[1] === '' || other[1] === value);
}

function labelFields(label: string): [string, string][] {
  return label
    .slice(1, -1)
    .split(',')
    .map((part) => {
      const cut = part.indexOf('=');
      return [part.slice(0, cut), part.slice(cut + 1)];
    });
}
