import { deepEqual, type JsonValue, type KubeObject } from '@plumbline/manifests';
import { type FieldSet, listEntries, matchesKey, memberSet, setValues, writersOf } from './field-set.ts';
import { formatPointer, isRecord } from './json-pointer.ts';
import type { FieldDifference } from './types.ts';

/** A differing field before it is explained: see `FieldDifference`. */
export interface Found {
  path: string[];
  target: JsonValue | undefined;
  live: JsonValue | undefined;
}

/**
 * Fields in which the live object is not as the target wants it, without any schema (design decision 7): every field
 * of the target must equal the live one, and every field that our manager owns (`owned`) must still be in the target. What other
 * managers added is no difference. List entries are paired by the keys that managedFields tell, else by position.
 * May name a field that is only a default or another spelling of the same value: the server decides on those.
 */
export function fieldDifferences(target: KubeObject, live: KubeObject, owned: FieldSet): Found[] {
  const found: Found[] = [];
  compareValue(target as unknown as JsonValue, live as unknown as JsonValue, owned, [], found);
  return found;
}

/** All fields in which two versions of an object differ, each a leaf or a list as a whole where its length differs. */
export function objectDifferences(wanted: KubeObject, live: KubeObject): Found[] {
  const found: Found[] = [];
  comparePlain(wanted as unknown as JsonValue, live as unknown as JsonValue, [], found);
  return found;
}

/** Adds who last wrote the field, as the live object's managedFields tell it. */
export function explain(live: KubeObject, { path, target, live: value }: Found): FieldDifference {
  const [writer] = writersOf(live, path);
  return {
    path: formatPointer(path),
    target,
    live: value,
    ...(writer?.manager ? { manager: writer.manager } : {}),
    ...(writer?.time ? { time: writer.time } : {}),
  };
}

function compareValue(
  target: JsonValue | undefined,
  live: JsonValue | undefined,
  owned: FieldSet,
  path: string[],
  found: Found[],
): void {
  if (target === null && live === undefined) return;
  if (isRecord(target) && isRecord(live)) compareMembers(target, live, owned, path, found);
  else if (Array.isArray(target) && Array.isArray(live)) compareLists(target, live, owned, path, found);
  else if (!deepEqual(target, live)) found.push({ path, target, live });
}

function compareMembers(
  target: Record<string, JsonValue>,
  live: Record<string, JsonValue>,
  owned: FieldSet,
  path: string[],
  found: Found[],
): void {
  for (const name in target) {
    compareValue(target[name], live[name], memberSet(owned, name), [...path, name], found);
  }
  for (const field in owned) {
    const name = field.slice(2);
    if (!field.startsWith('f:') || target[name] !== undefined || live[name] === undefined) continue;
    found.push({ path: [...path, name], target: undefined, live: live[name] });
  }
}

function compareLists(target: JsonValue[], live: JsonValue[], owned: FieldSet, path: string[], found: Found[]): void {
  const entries = listEntries(owned);
  const values = setValues(owned);
  if (entries.length > 0) compareKeyed(target, live, entries, path, found);
  else if (values.length > 0) compareSets(target, live, values, path, found);
  else if (target.length !== live.length) found.push({ path, target, live });
  else {
    target.forEach((item, index) => {
      compareValue(item, live[index], {}, [...path, String(index)], found);
    });
  }
}

function compareSets(target: JsonValue[], live: JsonValue[], owned: JsonValue[], path: string[], found: Found[]): void {
  const missing = target.some((item) => !live.some((other) => deepEqual(item, other)));
  const stale = owned.some((item) => live.includes(item) && !target.includes(item));
  if (missing || stale) found.push({ path, target, live });
}

function compareKeyed(
  target: JsonValue[],
  live: JsonValue[],
  entries: ReturnType<typeof listEntries>,
  path: string[],
  found: Found[],
): void {
  for (const item of target) {
    const entry = entries.find(({ key }) => matchesKey(item, key));
    const index = entry ? live.findIndex((other) => matchesKey(other, entry.key)) : -1;
    if (!entry || index < 0) found.push({ path: [...path, keyLabel(item, entries)], target: item, live: undefined });
    else compareValue(item, live[index], entry.fields, [...path, String(index)], found);
  }
  for (const { key } of entries) {
    if (target.some((item) => matchesKey(item, key))) continue;
    const index = live.findIndex((other) => matchesKey(other, key));
    if (index >= 0) found.push({ path: [...path, String(index)], target: undefined, live: live[index] });
  }
}

function keyLabel(item: JsonValue, entries: ReturnType<typeof listEntries>): string {
  const names = Object.keys(entries[0]?.key ?? {});
  if (!isRecord(item)) return '-';
  return `[${names.map((name) => `${name}=${String(item[name] ?? '')}`).join(',')}]`;
}

function comparePlain(
  wanted: JsonValue | undefined,
  live: JsonValue | undefined,
  path: string[],
  found: Found[],
): void {
  if (isRecord(wanted) && isRecord(live)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(live)])) {
      comparePlain(wanted[name], live[name], [...path, name], found);
    }
    return;
  }
  if (Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length) {
    wanted.forEach((item, index) => {
      comparePlain(item, live[index], [...path, String(index)], found);
    });
    return;
  }
  if (!deepEqual(wanted, live)) found.push({ path, target: wanted, live });
}
