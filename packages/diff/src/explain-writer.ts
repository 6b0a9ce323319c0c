import type { KubeObject } from '@plumbline/manifests';
import type { Found } from './field-differences.ts';
import { writersOf } from './field-set.ts';
import { formatPointer } from './json-pointer.ts';
import type { FieldDifference } from './types.ts';

/** Adds who last wrote the field, as the live object's managedFields tell it. */
export function explain(live: KubeObject, { path, target, live: value }: Found): FieldDifference {
  const [writer] = writersOf(live, path);
  return {
    path: formatPointer(path),
    target,
    live: value,
    ...(writer?.manager ? { manager: writer.manager } : {}),
    ...(writer?.time ? { time: writer.time } : {}),
  };
}
