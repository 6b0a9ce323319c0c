import type { KubeObject } from '@plumbline/manifests';
import { type Fields, fieldsAt } from '../read.ts';
import type { ActionOperation } from './types.ts';

/** The object with the value at the path; undefined takes the field away. What is in the way, and no mapping, is replaced. */
export function withField(object: KubeObject, path: readonly string[], value: unknown): KubeObject {
  return setIn(object, path, value) as KubeObject;
}

function setIn(parent: Fields, [name = '', ...rest]: readonly string[], value: unknown): Fields {
  const inner = rest.length > 0 ? setIn(fieldsAt(parent, name), rest, value) : value;
  if (inner !== undefined) return { ...parent, [name]: inner };
  const { [name]: _, ...others } = parent;
  return others;
}

/** The one operation of an action that changes its object. */
export function patched(resource: KubeObject): ActionOperation[] {
  return [{ operation: 'patch', resource }];
}

/** RFC 3339 in UTC, to the second, as Kubernetes writes times. */
export function timestamp(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** `yyyyMMddHHmm` in UTC, for names. */
export function minuteStamp(now: Date): string {
  return now.toISOString().replaceAll(/[-:T]/g, '').slice(0, 12);
}
