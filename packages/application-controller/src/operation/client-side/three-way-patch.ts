import { deepEqual, type JsonValue } from '@plumbline/manifests';
import type { MergeSchema } from './merge-schema.ts';

type Fields = Readonly<Record<string, unknown>>;
type Patch = Record<string, unknown>;

/** The three states that a client-side apply goes by, as kubectl does. */
export interface ThreeWay<T = unknown> {
  /** What was applied the last time: what it has and `modified` lacks is to go. */
  original: T;
  /** What is wanted. */
  modified: T;
  /** What is live: what only it has stays. */
  current: T;
}

/**
 * The patch that takes the live object to the wanted one: a strategic merge patch, or with `plainSchema` a JSON merge
 * patch, of which there is none where nothing is to change (undefined). Source: Kubernetes, "Declarative management of
 * objects using configuration files: how apply calculates differences".
 */
export function threeWayPatch(sides: ThreeWay, schema: MergeSchema): Patch | undefined {
  const { original, modified, current } = sides;
  const patch = patchMap({ original: fields(original), modified: fields(modified), current: fields(current) }, schema);
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function patchMap({ original, modified, current }: ThreeWay<Fields>, schema: MergeSchema): Patch {
  const patch: Patch = {};
  for (const [name, value] of Object.entries(modified)) {
    const sides = { original: original[name], modified: value, current: current[name] };
    Object.assign(patch, patchMember(name, sides, schema.member(name)));
  }
  for (const name of Object.keys(original)) {
    if (modified[name] === undefined && current[name] !== undefined) patch[name] = null;
  }
  if (schema.retainKeys && Object.keys(patch).length > 0) patch['$retainKeys'] = Object.keys(modified);
  return patch;
}

function patchMember(name: string, sides: ThreeWay, schema: MergeSchema): Patch {
  const { original, modified, current } = sides;
  if (modified === undefined || equal(modified, current)) return {};
  if (modified === null) return current === undefined ? {} : { [name]: null };
  if (isRecord(modified) && isRecord(current)) {
    const inner = patchMap({ original: fields(original), modified, current }, schema);
    return Object.keys(inner).length > 0 ? { [name]: inner } : {};
  }
  if (Array.isArray(modified) && Array.isArray(current) && schema.mergeKey !== undefined) {
    return patchList(name, { original: list(original), modified, current }, schema);
  }
  return { [name]: modified };
}

function patchList(name: string, sides: ThreeWay<readonly unknown[]>, schema: MergeSchema): Patch {
  const { modified, current } = sides;
  const key = schema.mergeKey ?? '';
  if (key === '') return patchValues(name, sides);
  const keyed = [modified, current].every((items) => areKeyed(items, key));
  // Entries that the key does not tell apart can only be replaced together.
  if (!keyed) return { [name]: [...modified, { $patch: 'replace' }] };
  const entries = patchEntries(sides, key, schema.entry());
  const reordered = !equal(order(modified, current, key), order(current, modified, key));
  if (entries.length === 0 && !reordered) return {};
  const wanted = modified.map((item) => ({ [key]: fields(item)[key] }));
  return { [name]: entries, [`$setElementOrder/${name}`]: wanted };
}

function patchEntries({ original, modified, current }: ThreeWay<readonly unknown[]>, key: string, schema: MergeSchema) {
  const find = (items: readonly unknown[], id: unknown) => items.find((item) => equal(fields(item)[key], id));
  const patches: Patch[] = [];
  for (const item of modified.map(fields)) {
    const live = find(current, item[key]);
    if (!live) {
      patches.push(item as Patch);
      continue;
    }
    const sides = { original: fields(find(original, item[key])), modified: item, current: fields(live) };
    const inner = patchMap(sides, schema);
    if (Object.keys(inner).length > 0) patches.push({ ...inner, [key]: item[key] });
  }
  for (const item of original.map(fields)) {
    if (find(modified, item[key]) || !find(current, item[key])) continue;
    patches.push({ $patch: 'delete', [key]: item[key] });
  }
  return patches;
}

function patchValues(name: string, { original, modified, current }: ThreeWay<readonly unknown[]>): Patch {
  const has = (items: readonly unknown[], value: unknown) => items.some((item) => equal(item, value));
  const added = modified.filter((value) => !has(current, value));
  const gone = original.filter((value) => !has(modified, value) && has(current, value));
  return {
    ...(added.length > 0 ? { [name]: added } : {}),
    ...(gone.length > 0 ? { [`$deleteFromPrimitiveList/${name}`]: gone } : {}),
  };
}

/** The keys of a list that another one has as well, in their order. */
function order(items: readonly unknown[], others: readonly unknown[], key: string): unknown[] {
  const known = others.map((item) => fields(item)[key]);
  return items.map((item) => fields(item)[key]).filter((id) => known.some((other) => equal(other, id)));
}

function areKeyed(items: readonly unknown[], key: string): boolean {
  const ids = items.map((item) => fields(item)[key]);
  return ids.every((id) => id !== undefined) && new Set(ids).size === ids.length;
}

function equal(a: unknown, b: unknown): boolean {
  return deepEqual(a as JsonValue, b as JsonValue);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
