import { deepEqual, type JsonValue, type KubeObject } from '@plumbline/manifests';
import { emptyListsAreNone } from './built-in-kinds.ts';
import {
  entrySet,
  type FieldSet,
  isOwnedWhole,
  keyNames,
  listEntries,
  matchesKey,
  memberSet,
  noFields,
  setValues,
} from './field-set.ts';
import { isRecord } from './json-pointer.ts';
import { compareWhole } from './object-differences.ts';
import { entryLabel, inOrder, pairEntries } from './pair-entries.ts';

/** A differing field before it is explained: see `FieldDifference`. */
export interface Found {
  path: string[];
  target: JsonValue | undefined;
  live: JsonValue | undefined;
}

/** What is known of the fields at one place. */
interface Sets {
  /** What was applied on behalf of the source. */
  owned: FieldSet;
  /** What anybody owns; tells the keys of lists. */
  shape: FieldSet;
}

/**
 * Fields in which the live object is not as the target wants it, without any schema (design decision 7): every field
 * of the target must equal the live one, and every field of `owned` must still be in the target. What other managers added
 * is no difference. List entries are paired by the keys that `shape` tells, else by position, and must come in the
 * target's order; lists without keys and what is owned as a whole must equal. Empty lists of the server's own kinds are none. May name a field that is only a default or another spelling of the same value: the server decides on those.
 */
export function fieldDifferences(target: KubeObject, live: KubeObject, sets: Sets): Found[] {
  const found: Found[] = [];
  compareValue(target as unknown as JsonValue, live as unknown as JsonValue, { sets, path: [], found });
  if (!emptyListsAreNone(target)) return found;
  return found.filter(({ target: wanted, live: value }) => (value ?? undefined) !== undefined || !isEmptyList(wanted));
}

function isEmptyList(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

interface Place {
  sets: Sets;
  path: string[];
  found: Found[];
}

function compareValue(target: JsonValue | undefined, live: JsonValue | undefined, place: Place): void {
  if (target === null && live === undefined) return;
  if (isRecord(target) && isRecord(live)) compareMembers(target, live, place);
  else if (Array.isArray(target) && Array.isArray(live)) compareLists(target, live, place);
  else if (!deepEqual(target, live)) place.found.push({ path: place.path, target, live });
}

function compareMembers(target: Record<string, JsonValue>, live: Record<string, JsonValue>, place: Place): void {
  const { sets, path, found } = place;
  if (isOwnedWhole(sets.shape)) {
    compareWhole(target, live, { shape: noFields, path, found });
    return;
  }
  for (const name in target) {
    const below = { owned: memberSet(sets.owned, name), shape: memberSet(sets.shape, name) };
    compareValue(target[name], live[name], { sets: below, path: [...path, name], found });
  }
  for (const field in sets.owned) {
    const name = field.slice(2);
    if (!field.startsWith('f:') || target[name] !== undefined || live[name] === undefined) continue;
    found.push({ path: [...path, name], target: undefined, live: live[name] });
  }
}

function compareLists(target: JsonValue[], live: JsonValue[], place: Place): void {
  const { sets, path, found } = place;
  const names = keyNames(sets.shape);
  const values = setValues(sets.shape);
  if (names) compareKeyed(target, live, { ...place, names });
  else if (values.length > 0) compareSets(target, live, place);
  else compareWhole(target, live, { shape: noFields, path, found });
}

function compareSets(target: JsonValue[], live: JsonValue[], { sets, path, found }: Place): void {
  const missing = target.some((item) => !live.some((other) => deepEqual(item, other)));
  const stale = setValues(sets.owned).some((item) => live.includes(item) && !target.includes(item));
  if (missing || stale) found.push({ path, target, live });
}

function compareKeyed(target: JsonValue[], live: JsonValue[], place: Place & { names: string[] }): void {
  const { sets, path, found, names } = place;
  const pairs = pairEntries(target, live, names);
  target.forEach((item, position) => {
    const index = pairs[position];
    if (index === undefined) {
      found.push({ path: [...path, entryLabel(item, names)], target: item, live: undefined });
      return;
    }
    const entry = live[index];
    const below = { owned: entrySet(sets.owned, entry), shape: entrySet(sets.shape, entry) };
    compareValue(item, entry, { sets: below, path: [...path, String(index)], found });
  });
  const paired = new Set(pairs);
  for (const { key } of listEntries(sets.owned)) {
    const index = live.findIndex((other) => matchesKey(other, key));
    if (index < 0 || paired.has(index)) continue;
    found.push({ path: [...path, String(index)], target: undefined, live: live[index] });
  }
  if (!inOrder(pairs)) found.push({ path, target, live });
}
