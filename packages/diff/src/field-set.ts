import type { JsonValue, KubeObject, ManagedFieldsEntry } from '@plumbline/manifests';
import { isRecord } from './json-pointer.ts';
import { lastApplied } from './normalize.ts';

/**
 * A node of `managedFields[].fieldsV1`: `f:<name>` = member, `k:<json>` = entry of a list by its key fields,
 * `v:<json>` = value of a set, `.` = the node itself (Kubernetes: "Server-Side Apply", fieldsV1 format).
 */
export type FieldSet = { readonly [key: string]: FieldSet };

/** Nobody owns anything here. */
export const noFields: FieldSet = {};

/** Managers of client-side applies; {@link isClientSideApply} adds our own. */
const clientSideManagers: ReadonlySet<string> = new Set(['kubectl-client-side-apply']);

/** The name that older versions of Argo CD write under, whatever they write. */
const formerManager = 'argocd-application-controller';

/**
 * Whether an entry comes from a client-side apply, by kubectl, by an engine that uses our manager's name, or by an older
 * Argo CD.
 */
export function isClientSideApply(entry: ManagedFieldsEntry, manager: string): boolean {
  const { operation, subresource, manager: writer = '' } = entry;
  if (writer === formerManager) return isFormerApply(entry);
  return operation === 'Update' && !subresource && (writer === manager || clientSideManagers.has(writer));
}

/**
 * Whether an entry is what an older Argo CD has applied: by its note of that. It also writes the status of Applications
 * under the same name, which is nothing to take over.
 */
export function isFormerApply(entry: ManagedFieldsEntry): boolean {
  const { operation, subresource, manager: writer } = entry;
  if (writer !== formerManager || subresource) return false;
  const fields = fieldsOf(entry);
  const notes = memberSet(memberSet(fields, 'metadata'), 'annotations');
  return !fields['f:status'] && (operation === 'Apply' || notes[`f:${lastApplied}`] !== undefined);
}

/** Whether an entry is that of our manager's server-side apply. */
export function isOurApply(entry: ManagedFieldsEntry, manager: string): boolean {
  return entry.operation === 'Apply' && !entry.subresource && entry.manager === manager;
}

/**
 * What was applied on behalf of the source: what our manager's Apply owns, and what client-side applies own, which the
 * next sync takes over. An empty set where nothing was ever applied.
 */
export function ownedFields(live: KubeObject, manager: string): FieldSet {
  const entries = live.metadata.managedFields ?? [];
  return unionOf(entries.filter((entry) => isOurApply(entry, manager) || isClientSideApply(entry, manager)));
}

/** All fields that anybody owns: tells which lists have keys, and which are sets. */
export function shapeOf(...objects: readonly KubeObject[]): FieldSet {
  return unionOf(objects.flatMap(({ metadata }) => metadata.managedFields ?? []));
}

/** The fields of all entries together. */
export function unionOf(entries: readonly ManagedFieldsEntry[]): FieldSet {
  const [first, ...rest] = entries.map(fieldsOf);
  return rest.reduce(uniteFields, first ?? noFields);
}

/** The fields of one entry. */
export function fieldsOf(entry: ManagedFieldsEntry): FieldSet {
  return (entry.fieldsV1 as FieldSet | undefined) ?? noFields;
}

/** The fields of both sets. */
export function uniteFields(a: FieldSet, b: FieldSet): FieldSet {
  if (a === noFields || Object.keys(a).length === 0) return b;
  const union: Record<string, FieldSet> = { ...a };
  for (const [name, child] of Object.entries(b)) union[name] = uniteFields(union[name] ?? noFields, child);
  return union;
}

/** The fields of `a` that `b` does not hold. Where `a` holds parts of a field, `b` does not hold it in one piece. */
export function subtractFields(a: FieldSet, b: FieldSet): FieldSet {
  const rest: Record<string, FieldSet> = {};
  for (const [name, child] of Object.entries(a)) {
    const other = b[name];
    if (!other) rest[name] = child;
    else if (!isWhole(child)) {
      const left = subtractFields(child, other);
      if (Object.keys(left).length > 0) rest[name] = left;
    }
  }
  return rest;
}

/** Whether a node stands for a field as a whole: a leaf, or a list or map that is owned in one piece. */
export function isWhole(fields: FieldSet): boolean {
  for (const _name in fields) return false;
  return true;
}

/** Whether somebody owns the field, and as a whole: a leaf, an empty map, or a list or map that is atomic. */
export function isOwnedWhole(fields: FieldSet): boolean {
  return fields !== noFields && isWhole(fields);
}

/** Child of a field set for an object's member. */
export function memberSet(fields: FieldSet, name: string): FieldSet {
  return fields[`f:${name}`] ?? noFields;
}

interface ListEntrySet {
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

/** The names of the key fields of an associative list; undefined where it is none, or nobody owns an entry of it. */
export function keyNames(fields: FieldSet): string[] | undefined {
  for (const name in fields) {
    if (name.startsWith('k:')) return Object.keys(JSON.parse(name.slice(2)) as object);
  }
  return undefined;
}

/** Child of a field set for an entry of an associative list, by the entry as it is live. */
export function entrySet(fields: FieldSet, entry: unknown): FieldSet {
  return listEntries(fields).find(({ key }) => matchesKey(entry, key))?.fields ?? noFields;
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

/** The managers (other than writers of the status) whose field set holds the path, newest first. */
export function writersOf(live: KubeObject, path: readonly string[]): ManagedFieldsEntry[] {
  const entries = (live.metadata.managedFields ?? []).filter(
    (entry) => entry.subresource !== 'status' && holdsPath(live, fieldsOf(entry), path),
  );
  return entries.sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
}

/** Whether a set holds the field at a path of `value`, a field above it as a whole, or a field below it. */
export function holdsPath(value: unknown, fields: FieldSet, path: readonly string[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return true;
  if (Array.isArray(value)) {
    const entry: unknown = value[Number(head)];
    const keyed = listEntries(fields).find(({ key }) => matchesKey(entry, key));
    if (keyed) return holdsPath(entry, keyed.fields, rest);
    return isWhole(fields) || setValues(fields).some((item) => item === entry);
  }
  const child = fields[`f:${head}`];
  if (!child) return false;
  return isWhole(child) || holdsPath(isRecord(value) ? value[head] : undefined, child, rest);
}
