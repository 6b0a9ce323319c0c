import type { KubeObject } from './types.ts';

function entry(map: Record<string, string> | null | undefined, key: string): string | undefined {
  const value: unknown = map && Object.hasOwn(map, key) ? map[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The value of an annotation; undefined where there is none, or where it is no text. */
export function annotation(object: Pick<KubeObject, 'metadata'>, key: string): string | undefined {
  return entry(object.metadata.annotations, key);
}

/** The value of a label; undefined where there is none, or where it is no text. */
export function label(object: Pick<KubeObject, 'metadata'>, key: string): string | undefined {
  return entry(object.metadata.labels, key);
}

/** Whether a value is an object of named members: not null, no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
