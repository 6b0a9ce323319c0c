import { annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';

const first = 8;
const step = 4;

/**
 * Replaces the digests that stand for Secret values by runs of `+` (reference §3.4): the first distinct value gets 8,
 * each further one 4 more; equal values get equal runs over all the objects given (target, live, predicted).
 */
export function hideDigests(objects: readonly (KubeObject | undefined)[]): (KubeObject | undefined)[] {
  const runs = new Map<string, string>();
  const run = (value: string) => {
    const known = runs.get(value) ?? '+'.repeat(first + step * runs.size);
    runs.set(value, known);
    return known;
  };
  return objects.map((object) => object && hideOne(object, run));
}

function hideOne(object: KubeObject, run: (value: string) => string): KubeObject {
  const data = object['data'] as Record<string, string> | undefined;
  const hidden = data && Object.fromEntries(Object.entries(data).map(([name, value]) => [name, run(String(value))]));
  const lastApplied = object.metadata.annotations?.[annotations.lastApplied];
  const metadata =
    lastApplied === undefined
      ? object.metadata
      : {
          ...object.metadata,
          annotations: { ...object.metadata.annotations, [annotations.lastApplied]: run(lastApplied) },
        };
  return { ...object, metadata, ...(hidden ? { data: hidden } : {}) };
}
