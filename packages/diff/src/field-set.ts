import type { JsonValue, KubeObject, ManagedFieldsEntry } from '@plumbline/manifests';
import { isRecord } from './json-pointer.ts';

/**
 * A node of `managedFields[].fieldsV1`: `f:<name>` = member, `k:<json>` = entry of a list by its key fields,
 * `v:<json>` = value of a set, `.` = the node itself (Kubernetes: "Server-Side Apply", fieldsV1 format).
 */
export type FieldSet = { readonly [key: string]: FieldSet };

const empty: FieldSet = {};

/** What a manager's Apply owns in the live object; an empty set where it never applied. */
export function ownedFields(live: KubeObject, manager: string): FieldSet {
  const entry = live.metadata.managedFields?.find(
    (fields) => fields.manager === manager && fields.operation === 'Apply' && !fields.subresource,
  );
  return (entry?.fieldsV1 as FieldSet | undefined) ?? empty;
}

/** Child of a field set for an object's member. */
export function memberSet(fields: FieldSet, name: string): FieldSet {
  return fields[`f:${name}`] ?? empty;
}

export interface ListEntrySet {
  /** The key fields and their values. */
  key: Record<string, JsonValue>;
  fields: FieldSet;
}

/** The keyed entries of an associative list that the set names. */
export function listEntries(fields: FieldSet): ListEntrySet[] {
  return Object.entries(fields).flatMap(([name, child]) => {
    if (!name.startsWith('k:')) return [];
    return [{ key: JSON.parse(name.slice(2)) as Record<string, JsonValue>, fields: child }];
  });
}

/** The values of a set list that the set names. */
export function setValues(fields: FieldSet): JsonValue[] {
  return Object.keys(fields).flatMap((name) => (name.startsWith('v:') ? [JSON.parse(name.slice(2)) as JsonValue] : []));
}

/** Whether a list entry has all the key fields; a field that the entry leaves to its default counts as a match. */
export function matchesKey(entry: unknown, key: Record<string, JsonValue>): boolean {
  if (!isRecord(entry)) return false;
  const names = Object.keys(key);
  const present = names.filter((name) => entry[name] !== undefined);
  return present.length > 0 && present.every((name) => entry[name] === key[name]);
}

/** The managers (other than status writers) whose field set holds the path, newest first. */
export function writersOf(live: KubeObject, path: readonly string[]): ManagedFieldsEntry[] {
  const entries = (live.metadata.managedFields ?? []).filter((entry) => {
    return !entry.subresource && holds(live, (entry.fieldsV1 as FieldSet | undefined) ?? empty, path);
  });
  return entries.sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
}

function holds(value: unknown, fields: FieldSet, path: readonly string[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return true;
  if (Array.isArray(value)) {
    const entry: unknown = value[Number(head)];
    const keyed = listEntries(fields).find(({ key }) => matchesKey(entry, key));
    if (keyed) return holds(entry, keyed.fields, rest);
    return Object.keys(fields).length === 0 || setValues(fields).some((item) => item === entry);
  }
  const child = fields[`f:${head}`];
  if (!child) return false;
  const isLeaf = Object.keys(child).length === 0;
  return isLeaf || holds(isRecord(value) ? value[head] : undefined, child, rest);
}
