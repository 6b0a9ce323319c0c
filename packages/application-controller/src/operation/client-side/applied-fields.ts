import type { ManagedFieldsEntry } from '@plumbline/manifests';

type Fields = { readonly [name: string]: Fields };

/** The part of a live object that a field manager owns, by its `fieldsV1` (Kubernetes: "Server-Side Apply"). */
export function ownedPart(live: unknown, entry: ManagedFieldsEntry): unknown {
  return part(live, (entry.fieldsV1 ?? {}) as Fields);
}

function part(value: unknown, owned: Fields): unknown {
  if (Object.keys(owned).length === 0) return value;
  if (Array.isArray(value)) return entries(value, owned);
  if (typeof value !== 'object' || value === null) return value;
  const found: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(owned)) {
    const member = name.startsWith('f:') ? (value as Record<string, unknown>)[name.slice(2)] : undefined;
    if (member !== undefined) found[name.slice(2)] = part(member, inner);
  }
  return found;
}

function entries(list: readonly unknown[], owned: Fields): unknown[] {
  return Object.entries(owned).flatMap(([name, inner]) => {
    if (name.startsWith('v:')) return [JSON.parse(name.slice(2)) as unknown];
    if (!name.startsWith('k:')) return [];
    const key = JSON.parse(name.slice(2)) as Record<string, unknown>;
    const live = list.find((item) => Object.entries(key).every(([field, value]) => memberOf(item, field) === value));
    return live === undefined ? [] : [{ ...key, ...(part(live, inner) as object) }];
  });
}

function memberOf(item: unknown, name: string): unknown {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : undefined;
}
