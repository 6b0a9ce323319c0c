import type { JsonValue, KubeObject } from '@plumbline/manifests';
import type { Random } from './random.ts';

type Parent = Record<string, JsonValue> | JsonValue[];

/** A copy of the object in which one value outside the metadata is changed, taken away, doubled or moved. */
export function mutated(object: KubeObject, random: Random): KubeObject {
  const copy = structuredClone(object);
  const { apiVersion: _version, kind: _kind, metadata: _metadata, status: _status, ...rest } = copy;
  const places: [Parent, string | number][] = Object.keys(rest).map((name) => [copy as unknown as Parent, name]);
  for (const value of Object.values(rest)) collect(value as JsonValue, places);
  const place = random.pick(places);
  if (place) change(place, random);
  return copy;
}

function collect(value: JsonValue, places: [Parent, string | number][]): void {
  if (typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) {
    places.push([value, key]);
    collect((value as Record<string | number, JsonValue>)[key] as JsonValue, places);
  }
}

function change([parent, key]: [Parent, string | number], random: Random): void {
  const holder = parent as Record<string | number, JsonValue>;
  const value = holder[key];
  if (random.chance(0.25)) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[String(key)];
  } else if (Array.isArray(value) && value.length > 0) {
    if (random.chance(0.5)) value.reverse();
    else value.push(renamed(structuredClone(random.pick(value) as JsonValue), random));
  } else holder[key] = other(value, random);
}

/** An entry of a list that is not there yet. */
function renamed(entry: JsonValue, random: Random): JsonValue {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return other(entry, random);
  for (const name of ['name', 'containerPort', 'port', 'mountPath', 'key']) {
    if (entry[name] !== undefined) entry[name] = other(entry[name], random);
  }
  return entry;
}

function other(value: JsonValue | undefined, random: Random): JsonValue {
  switch (typeof value) {
    case 'string':
      return /^\d/.test(value) ? `${random.below(9) + 1}` : `${value}${random.below(9)}`;
    case 'number':
      return value + random.below(3) + 1;
    case 'boolean':
      return !value;
    default:
      return value ?? null;
  }
}
