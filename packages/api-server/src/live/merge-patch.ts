import { deepEqual } from '@plumbline/manifests';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON merge patch (RFC 7386) that makes one object of another; undefined where they are equal. */
export function mergePatch(from: Fields, to: Fields): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const name of Object.keys(from)) if (to[name] === undefined || to[name] === null) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const before = from[name];
    if (value === undefined || value === null || deepEqual(before as never, value as never)) continue;
    patch[name] = isFields(before) && isFields(value) ? mergePatch(before, value) : value;
  }
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || (value === null && (from[name] === null || from[name] === undefined)))
      delete patch[name];
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}
