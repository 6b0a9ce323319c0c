import type { JsonValue } from '@plumbline/manifests';

/** `/metadata/labels/a~1b` → ['metadata', 'labels', 'a/b'] (RFC 6901). */
export function parsePointer(pointer: string): string[] {
  if (pointer === '' || pointer === '/') return [];
  return pointer
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The inverse of {@link parsePointer}. */
export function formatPointer(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function isRecord(value: unknown): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: readonly string[]): JsonValue | undefined {
  let value = root as JsonValue | undefined;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isRecord(value)) value = value[part];
    else return undefined;
  }
  return value;
}

/** A copy of `root` without the value at `path`; what is not touched is shared with the original. */
export function without<T>(root: T, path: readonly string[]): T {
  const [head, ...rest] = path;
  if (head === undefined || valueAt(root, path) === undefined) return root;
  if (Array.isArray(root)) {
    const index = Number(head);
    if (rest.length > 0) return root.map((item, i) => (i === index ? without(item, rest) : item)) as T;
    return root.filter((_, i) => i !== index) as T;
  }
  const copy = { ...(root as Record<string, unknown>) };
  if (rest.length > 0) copy[head] = without(copy[head], rest);
  else delete copy[head];
  return copy as T;
}

/** A copy of `root` with `value` at `path`; missing objects on the way are made, list indices must exist. */
export function withValue<T>(root: T, path: readonly string[], value: unknown): T {
  const [head, ...rest] = path;
  if (head === undefined) return value as T;
  if (Array.isArray(root)) {
    const index = Number(head);
    return root.map((item, i) => (i === index ? withValue(item, rest, value) : item)) as T;
  }
  const source: Record<string, unknown> = isRecord(root) ? root : {};
  return { ...source, [head]: withValue(source[head] ?? {}, rest, value) } as T;
}
