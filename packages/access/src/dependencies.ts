import { type Application, ownAnnotations } from '@plumbline/apis';

/** Keys of the Applications that one depends on: names of its own namespace, or `namespace/name`. */
export function dependenciesOf({ metadata }: Application): string[] {
  const text = metadata.annotations?.[ownAnnotations.dependsOn] ?? '';
  const names = text.split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '')
    .map((name) => (name.includes('/') ? name : `${metadata.namespace}/${name}`));
}

/** A way through dependencies that leads back to where it began, or undefined: `[a, b, a]`. Keys are `namespace/name`. */
export function dependencyCycle(start: string, get: (key: string) => Application | undefined): string[] | undefined {
  const seen = new Set<string>();
  const walk = (key: string, path: readonly string[]): string[] | undefined => {
    const app = get(key);
    for (const next of app ? dependenciesOf(app) : []) {
      if (next === start) return [...path, key, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...path, key]);
      if (found) return found;
    }
    return undefined;
  };
  return walk(start, []);
}
