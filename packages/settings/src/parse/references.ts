import type { Document } from '../documents.ts';

/** `$key` of argocd-secret, `$name:key` of another Secret that is part of the control plane; other texts are themselves. */
export function resolveReference(text: string, secrets: ReadonlyMap<string, Document>): string {
  return text.startsWith('$') ? (lookUp(text, secrets) ?? '') : text;
}

function lookUp(text: string, secrets: ReadonlyMap<string, Document>): string | undefined {
  const [first = '', ...rest] = text.slice(1).split(':');
  const [secret, key] = rest.length === 0 ? ['argocd-secret', first] : [first, rest.join(':')];
  return secrets.get(secret)?.data[key]?.trim();
}

/**
 * A value with every text in it that is a reference replaced by what it refers to (reference §10.1). References to nothing stay,
 * and are put into `missing`.
 */
export function resolveReferences<T>(value: T, secrets: ReadonlyMap<string, Document>, missing: string[]): T {
  const resolved = (at: unknown): unknown => {
    if (typeof at === 'string') {
      if (!/^\$[\w.-]+(:[\w.-]+)?$/.test(at)) return at;
      const found = lookUp(at, secrets);
      if (found === undefined) missing.push(at);
      return found ?? at;
    }
    if (Array.isArray(at)) return at.map(resolved);
    if (typeof at !== 'object' || at === null) return at;
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, resolved(inner)]));
  };
  // The shape stays as it was: only texts are replaced by texts.
  return resolved(value) as T;
}
