import type { KubeObject } from '@plumbline/manifests';
import {
  type FieldSet,
  isClientSideApply,
  isWhole,
  listEntries,
  matchesKey,
  subtractFields,
  unionOf,
} from './field-set.ts';
import { isRecord } from './json-pointer.ts';

/**
 * Fields that only client-side applies own and that an apply of the target would leave live: the sync takes them over
 * first, and so they go. `predicted` is the object after a dry run, with its managedFields.
 */
export function staleFields(predicted: KubeObject, manager: string): FieldSet {
  const entries = predicted.metadata.managedFields ?? [];
  const clientSide = entries.filter((entry) => isClientSideApply(entry, manager));
  if (clientSide.length === 0) return {};
  return subtractFields(unionOf(clientSide), unionOf(entries.filter((entry) => !clientSide.includes(entry))));
}

/**
 * A copy of the value without the fields of a set; an entry of a list goes where nothing but its keys would be left.
 * @param wanted what is left empty stays where this has it
 */
export function removeFields<T>(value: T, fields: FieldSet, wanted?: unknown): T {
  if (Array.isArray(value)) return removeEntries(value as unknown[], fields) as T;
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [field, child] of Object.entries(fields)) {
    const name = field.slice(2);
    if (!field.startsWith('f:') || copy[name] === undefined) continue;
    const kept = isRecord(wanted) ? wanted[name] : undefined;
    const rest = isWhole(child) ? undefined : removeFields(copy[name], child, kept);
    // What a removal empties goes, too: so does the server.
    if (rest === undefined || (isEmpty(rest) && !isEmpty(copy[name]) && !isRecord(kept))) delete copy[name];
    else copy[name] = rest;
  }
  return copy as T;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function removeEntries(list: unknown[], fields: FieldSet): unknown[] {
  const entries = listEntries(fields);
  return list.flatMap((item) => {
    const entry = entries.find(({ key }) => matchesKey(item, key));
    if (!entry) return fields[`v:${JSON.stringify(item)}`] ? [] : [item];
    const rest = removeFields(item, entry.fields);
    const bare = isRecord(rest) && Object.keys(rest).every((name) => name in entry.key);
    return bare && entry.fields['.'] ? [] : [{ ...entry.key, ...(rest as object) }];
  });
}
