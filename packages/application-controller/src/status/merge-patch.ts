import { deepEqual, type JsonValue } from '@plumbline/manifests';

/**
 * The JSON merge patch (RFC 7386) that turns `before` into `after`; undefined when they are equal. Lists are replaced
 * whole; an undefined member counts as absent.
 */
export function mergePatch(before: unknown, after: unknown): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  const [a, b] = [record(before), record(after)];
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [from, to] = [a[name], b[name]];
    if (from === to || deepEqual(from as JsonValue, to as JsonValue)) continue;
    if (to === undefined) patch[name] = null;
    else if (isRecord(to)) patch[name] = isRecord(from) ? (mergePatch(from, to) ?? {}) : withoutUndefined(to);
    else patch[name] = to;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      item === undefined ? [] : [[name, isRecord(item) ? withoutUndefined(item) : item]],
    ),
  );
}
