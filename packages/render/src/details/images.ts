import type { KubeObject } from '@plumbline/manifests';

const containerLists = new Set(['containers', 'initContainers', 'ephemeralContainers']);

function imageOf(container: unknown): string[] {
  if (typeof container !== 'object' || container === null || !('image' in container)) return [];
  return typeof container.image === 'string' && container.image !== '' ? [container.image] : [];
}

function collect(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(collect);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    containerLists.has(key) && Array.isArray(member) ? member.flatMap(imageOf) : collect(member),
  );
}

/** The images of all containers, wherever the objects have them; each once, sorted. */
export function imagesOf(objects: readonly KubeObject[]): string[] {
  return [...new Set(objects.flatMap(collect))].sort();
}
