import { emptyListsAreNone, valueAt, withValue } from '@plumbline/diff';
import type { KubeObject } from '@plumbline/manifests';

/**
 * Where the manifest has an empty list and the server's answer none. Of a list with keys, or of a set, the first apply only
 * takes away the entries that it owned, and the list with the last of them; the next one makes the empty list. Kubernetes' own
 * kinds have no empty lists.
 */
export function lostLists(manifest: KubeObject, answer: KubeObject): string[][] {
  return emptyListsAreNone(manifest) ? [] : lostIn(manifest, answer, []);
}

function lostIn(manifest: unknown, answer: unknown, path: string[]): string[][] {
  if (Array.isArray(manifest)) return manifest.length === 0 && answer === undefined ? [path] : [];
  if (typeof manifest !== 'object' || manifest === null) return [];
  const found = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {};
  return Object.entries(manifest).flatMap(([name, value]) => lostIn(value, found[name], [...path, name]));
}

/** The prediction with the empty lists that the second apply makes: of those that have entries live. */
export function withLostLists(predicted: KubeObject, live: KubeObject, lost: readonly string[][]): KubeObject {
  return lost
    .filter((path) => Array.isArray(valueAt(live, path)))
    .reduce((object, path) => withValue(object, path, []), predicted);
}
