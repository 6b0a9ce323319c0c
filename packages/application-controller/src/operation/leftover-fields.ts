import type { KubeClient } from '@plumbline/cluster';
import { formatPointer, valueAt } from '@plumbline/diff';
import { type JsonValue, type KubeObject, keyOf } from '@plumbline/manifests';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';
import { fieldsOf } from './explain-refusal.ts';

/** One step of a JSON patch (RFC 6902). */
type PatchStep = { op: 'remove' | 'test' | 'add' | 'replace'; path: string; value?: JsonValue };

/**
 * Takes off live fields that the server refuses next to what the manifest says and that the manifest does not have: mostly
 * defaults of another choice, such as `rollingUpdate` of a strategy that is to be `Recreate`. A client-side apply takes them
 * off (kubectl's `retainKeys`), a server-side one leaves what nobody owns. False where the refusal has other reasons.
 */
export async function clearLeftovers(
  client: KubeClient,
  object: KubeObject,
  { refusal, dryRun = false }: { refusal: string; dryRun?: boolean },
): Promise<boolean> {
  const ref = refOf(keyOf(object), object.apiVersion);
  const live = fieldsOf(refusal).length > 0 ? await client.find(ref) : null;
  const patch = live ? leftoverPatch(object, live, refusal) : [];
  if (patch.length === 0) return false;
  await client.patch(ref, patch, { type: 'json', fieldManager, ...(dryRun ? { dryRun } : {}) });
  return true;
}

/** The patch that takes off what a refusal names, and makes the manifest's choice at the same place. */
export function leftoverPatch(object: KubeObject, live: KubeObject, refusal: string): PatchStep[] {
  return fieldsOf(refusal).flatMap((field) => {
    const volumes = /^(.+\.volumes)\[\d+\]\./.exec(field)?.[1];
    if (volumes) return volumeSteps(object, live, volumes.split('.'));
    return fieldSteps(object, live, field.replaceAll('[', '.').replaceAll(']', '').split('.'));
  });
}

function fieldSteps(object: KubeObject, live: KubeObject, path: readonly string[]): PatchStep[] {
  const parent = path.slice(0, -1);
  const counterpart = pathIn(object, live, parent);
  const wanted = counterpart && valueAt(object, counterpart);
  const found = valueAt(live, parent);
  const [name = ''] = path.slice(-1);
  if (!isRecord(wanted) || !isRecord(found) || isThere(wanted[name]) || found[name] === undefined) return [];
  const choices = Object.entries(wanted).filter(([other, value]) => isScalar(value) && found[other] !== value);
  if (choices.length === 0) return [];
  return [
    { op: 'test', path: formatPointer(path), value: found[name] },
    { op: 'remove', path: formatPointer(path) },
    ...choices.map(([other, value]) => ({ op: 'add' as const, path: formatPointer([...parent, other]), value })),
  ];
}

/** Where the manifest has what is at a path of the live object: entries of lists are paired by their names. */
function pathIn(object: KubeObject, live: KubeObject, path: readonly string[]): string[] | undefined {
  const found: string[] = [];
  for (const [at, part] of path.entries()) {
    const [entry, list] = [valueAt(live, path.slice(0, at + 1)), valueAt(object, found)];
    if (!Array.isArray(list)) found.push(part);
    else {
      const name = isRecord(entry) ? entry['name'] : undefined;
      const index = list.findIndex((item) => isRecord(item) && item['name'] === name);
      if (name === undefined || index < 0) return undefined;
      found.push(String(index));
    }
  }
  return found;
}

/** A volume has one source only, and which of them is the leftover the refusal does not tell. */
function volumeSteps(object: KubeObject, live: KubeObject, list: readonly string[]): PatchStep[] {
  const [wanted, found] = [valueAt(object, list), valueAt(live, list)];
  if (!Array.isArray(wanted) || !Array.isArray(found)) return [];
  return wanted.flatMap((volume) => {
    if (!isRecord(volume)) return [];
    const index = found.findIndex((other) => isRecord(other) && other['name'] === volume['name']);
    const other = found[index];
    if (!isRecord(other) || Object.keys(other).every((name) => isThere(volume[name]))) return [];
    const path = formatPointer([...list, String(index)]);
    return [
      { op: 'test' as const, path: `${path}/name`, value: other['name'] ?? null },
      { op: 'replace' as const, path, value: volume },
    ];
  });
}

function isThere(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object';
}

function isRecord(value: unknown): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
