import { deepEqual, type JsonValue, type KubeObject } from '@plumbline/manifests';
import type { Found } from './field-differences.ts';
import { entrySet, type FieldSet, keyNames, memberSet, noFields } from './field-set.ts';
import { isRecord } from './json-pointer.ts';
import { entryLabel, haveDistinctKeys, inOrder, pairEntries } from './pair-entries.ts';

/**
 * All fields in which two versions of an object differ, each a leaf, an entry of a list with keys (which `shape` tells), or
 * another list as a whole where its length differs.
 */
export function objectDifferences(wanted: KubeObject, live: KubeObject, shape: FieldSet): Found[] {
  const found: Found[] = [];
  compareWhole(wanted as unknown as JsonValue, live as unknown as JsonValue, { shape, path: [], found });
  return found;
}

/** Where a comparison is, and what it has found. */
interface WholePlace {
  shape: FieldSet;
  path: string[];
  found: Found[];
}

/** {@link objectDifferences} of two values. */
export function compareWhole(wanted: JsonValue | undefined, live: JsonValue | undefined, place: WholePlace): void {
  const { shape, path, found } = place;
  if (isRecord(wanted) && isRecord(live)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(live)])) {
      compareWhole(wanted[name], live[name], { shape: memberSet(shape, name), path: [...path, name], found });
    }
  } else if (Array.isArray(wanted) && Array.isArray(live)) compareLists(wanted, live, place);
  else if (!deepEqual(wanted, live)) found.push({ path, target: wanted, live });
}

function compareLists(wanted: JsonValue[], live: JsonValue[], place: WholePlace): void {
  const { shape, path, found } = place;
  const names = keyNames(shape);
  if (names && haveDistinctKeys(wanted, names) && haveDistinctKeys(live, names))
    compareKeyed(wanted, live, { ...place, names });
  else if (wanted.length !== live.length) found.push({ path, target: wanted, live });
  else {
    wanted.forEach((item, index) => {
      compareWhole(item, live[index], { shape: noFields, path: [...path, String(index)], found });
    });
  }
}

function compareKeyed(wanted: JsonValue[], live: JsonValue[], place: WholePlace & { names: string[] }): void {
  const { shape, path, found, names } = place;
  const pairs = pairEntries(wanted, live, names);
  wanted.forEach((item, position) => {
    const index = pairs[position];
    if (index === undefined) found.push({ path: [...path, entryLabel(item, names)], target: item, live: undefined });
    else
      compareWhole(item, live[index], { shape: entrySet(shape, live[index]), path: [...path, String(index)], found });
  });
  const paired = new Set(pairs);
  live.forEach((item, index) => {
    if (!paired.has(index)) found.push({ path: [...path, String(index)], target: undefined, live: item });
  });
  if (!inOrder(pairs)) found.push({ path, target: wanted, live });
}
