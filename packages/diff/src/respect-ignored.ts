import type { JsonValue, KubeObject } from '@plumbline/manifests';
import { entrySet, type FieldSet, keyNames, memberSet, shapeOf } from './field-set.ts';
import { comparePaths, dropIgnored, type Sides } from './ignore-rules.ts';
import { isRecord, parsePointer, valueAt, without, withValue } from './json-pointer.ts';
import { pairEntries } from './pair-entries.ts';
import type { IgnoreRule } from './types.ts';

/** A path as jq's `paths` names it. */
type Path = readonly (string | number)[];

/** What is to be as it is live: paths into the target and into the live object. */
export interface SelectedPaths {
  target: readonly Path[];
  live: readonly Path[];
}

/**
 * The target with the ignored fields taken from the live object, as `RespectIgnoreDifferences=true` asks
 * (reference §2.3). Fields of ignored managers are left out of the target, so that their owner keeps them.
 */
export function respectIgnored(target: KubeObject, live: KubeObject, rules: readonly IgnoreRule[]): KubeObject {
  const pointers = rules.flatMap((rule) => rule.jsonPointers).map(parsePointer);
  const result = respectPaths({ target, live }, { target: pointers, live: pointers });
  const byManager = rules.map((rule) => ({ ...rule, jsonPointers: [] }));
  return dropIgnored({ target: result, live }, byManager).target;
}

/**
 * The target with what the paths select as it is live. The same entry of a list with keys may stand at different places on
 * both sides: entries are paired by their keys. An entry that only one side has comes or goes with a path that selects
 * it as a whole; a path into one that the target does not have selects nothing. The status is nobody's to take.
 */
export function respectPaths({ target, live }: Sides, selected: SelectedPaths): KubeObject {
  const shape = shapeOf(live);
  // The last first, so that what goes does not move what is still to be found.
  const ours = ordered(selected.target).reverse();
  const kept = ours.reduce((result, path) => asLive(result, path, { live, shape }), target);
  return ordered(selected.live).reduce((result, path) => withLive(result, live, { path, shape }) as KubeObject, kept);
}

function ordered(paths: readonly Path[]): string[][] {
  return paths
    .map((path) => path.map(String))
    .filter(([head]) => head !== 'status')
    .sort(comparePaths);
}

/**
 * The target with the live value at a path of its own, or without that where nothing is live. What is inside of a new entry
 * of a list stays: nobody has set it otherwise yet.
 */
function asLive(target: KubeObject, path: readonly string[], { live, shape }: { live: KubeObject; shape: FieldSet }) {
  if (valueAt(target, path) === undefined) return target;
  const found = livePath(target, live, { path, shape });
  if (!found && !livePath(target, live, { path: path.slice(0, -1), shape })) return target;
  const value = found && valueAt(live, found);
  return value === undefined ? without(target, path) : withValue(target, path, value);
}

interface Walk {
  path: readonly string[];
  shape: FieldSet;
}

/** Where the live object has what is at a path of the target; undefined where a list on the way lacks the entry. */
function livePath(target: unknown, live: unknown, { path, shape }: Walk): string[] | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return [];
  if (!Array.isArray(target) || !Array.isArray(live)) {
    const next = livePath(member(target, head), member(live, head), { path: rest, shape: memberSet(shape, head) });
    return next && [head, ...next];
  }
  const index = pairsOf(target, live, shape)[Number(head)];
  if (index === undefined) return undefined;
  const below = { path: rest, shape: entrySet(shape, live[index]) };
  const next = livePath(target[Number(head)], live[index], below);
  return next && [String(index), ...next];
}

/** The target with the live value at a path of the live object. */
function withLive(target: unknown, live: unknown, { path, shape }: Walk): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return live;
  if (Array.isArray(live) && (target === undefined || Array.isArray(target))) {
    const entries = withLiveEntry(target ?? [], live, { path, shape });
    return entries.length > 0 ? entries : target;
  }
  const value = member(live, head);
  if (value === undefined || Array.isArray(live) || Array.isArray(target)) return target;
  const inside = isRecord(target) ? target[head] : undefined;
  const next = withLive(inside, value, { path: rest, shape: memberSet(shape, head) });
  return next === undefined ? target : { ...(isRecord(target) ? target : {}), [head]: next };
}

function withLiveEntry(target: JsonValue[], live: JsonValue[], { path, shape }: Walk): JsonValue[] {
  const [head, ...rest] = path;
  const entry = live[Number(head)];
  if (entry === undefined) return target;
  const position = pairsOf(target, live, shape).indexOf(Number(head));
  if (position < 0) return rest.length > 0 ? target : target.toSpliced(Number(head), 0, entry);
  const next = withLive(target[position], entry, { path: rest, shape: entrySet(shape, entry) });
  return target.with(position, next as JsonValue);
}

/** For each entry of the target the index of its live one: by the list's keys, by names where all have one, else by position. */
function pairsOf(target: readonly JsonValue[], live: readonly JsonValue[], shape: FieldSet): (number | undefined)[] {
  const keys = keyNames(shape) ?? (hasNames(target) && hasNames(live) ? ['name'] : undefined);
  if (keys) return pairEntries(target, live, keys);
  return target.map((_, index) => (index < live.length ? index : undefined));
}

function hasNames(entries: readonly JsonValue[]): boolean {
  return entries.every((entry) => isRecord(entry) && typeof entry['name'] === 'string');
}

function member(value: unknown, name: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isRecord(value) ? value[name] : undefined;
}
