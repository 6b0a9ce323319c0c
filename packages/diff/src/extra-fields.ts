import type { JsonValue } from '@plumbline/manifests';
import type { Found } from './field-differences.ts';
import { entrySet, type FieldSet, keyNames, memberSet } from './field-set.ts';
import type { Sides } from './ignore-rules.ts';
import { isRecord } from './json-pointer.ts';
import { pairEntries } from './pair-entries.ts';

/** Enough to tell what happened to an object. */
const most = 200;
/** Bookkeeping of kubectl: says nothing by itself. */
const noise = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

/** Live fields that the target does not have, each as high up as one writer made it. */
export function extraFields({ target, live }: Sides, shape: FieldSet): Found[] {
  const found: Found[] = [];
  walk(target as unknown as JsonValue, live as unknown as JsonValue, { shape, path: [], found });
  return found.slice(0, most);
}

interface Place {
  shape: FieldSet;
  path: string[];
  found: Found[];
}

function walk(target: JsonValue | undefined, live: JsonValue, place: Place): void {
  const { shape, path, found } = place;
  if (isRecord(live) && (isRecord(target) || goesApart(path, shape))) {
    for (const [name, value] of Object.entries(live)) {
      if (noise.has(name)) continue;
      const below = { shape: memberSet(shape, name), path: [...path, name], found };
      walk(isRecord(target) ? target[name] : undefined, value, below);
    }
  } else if (Array.isArray(live) && Array.isArray(target)) walkList(target, live, place);
  else if (target === undefined) found.push({ path, target, live });
}

/** Whether what lies below was written in pieces: labels and annotations, and what managers own parts of. */
function goesApart(path: readonly string[], shape: FieldSet): boolean {
  const inMetadata = path[0] === 'metadata' && path.length <= 2;
  return inMetadata || Object.keys(shape).some((name) => name.startsWith('f:'));
}

function walkList(target: JsonValue[], live: JsonValue[], { shape, path, found }: Place): void {
  const names = keyNames(shape);
  const pairs = names ? pairEntries(target, live, names) : target.map((_, index) => index);
  live.forEach((item, index) => {
    const position = pairs.indexOf(index);
    const below = [...path, String(index)];
    if (position < 0) {
      if (names) found.push({ path: below, target: undefined, live: item });
    } else walk(target[position], item, { shape: entrySet(shape, item), path: below, found });
  });
}
