import { PlumblineError } from '@plumbline/errors';
import { isRecord } from './metadata.ts';
import type { KubeObject, ObjectMeta } from './types.ts';

/** Where a value stands, for people: made only when it is needed. */
type Place = () => string;

type Fields = Record<string, unknown>;

function invalid(place: Place, problem: string, hint?: string): PlumblineError {
  return new PlumblineError('MANIFEST_INVALID', `${place()}: ${problem}`, hint === undefined ? {} : { hint });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** `items: null` is what a template writes whose loop found nothing. */
type List = Fields & { kind: string; items: unknown[] | null };

/** A List of Kubernetes, or of one kind. A named object of such a kind is an ordinary custom resource. */
function isList(value: Fields): value is List {
  if (typeof value.kind !== 'string' || !value.kind.endsWith('List')) return false;
  if (value.items !== null && !Array.isArray(value.items)) return false;
  return value.kind === 'List' || !isRecord(value.metadata) || value.metadata.name === undefined;
}

/** Items of a typed list (`ConfigMapList`) may leave out what the list says for all. */
function itemsOf(list: List): unknown[] {
  const items = (list.items ?? []).filter((item) => item !== null && item !== undefined);
  if (list.kind === 'List') return items;
  const shared = { apiVersion: list.apiVersion, kind: list.kind.slice(0, -'List'.length) };
  return items.map((item) => (isRecord(item) ? { ...shared, ...item } : item));
}

/** Enough of an object that leaving it out in silence would be a trap. */
function isHalfAnObject(value: Fields): boolean {
  return [value.apiVersion, value.kind, value.metadata].filter((member) => member !== undefined).length >= 2;
}

/** A plain list of objects, which nothing would be made of. */
function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => isRecord(item) && isHalfAnObject(item));
}

function missingFields(value: Fields): string | undefined {
  const missing = (['apiVersion', 'kind'] as const).filter((field) => !isText(value[field]));
  return missing.length > 0 ? missing.map((field) => `no ${field}`).join(' and ') : undefined;
}

function checkText(metadata: Fields, field: string, place: Place): void {
  const value = metadata[field];
  if (value === undefined || value === null || typeof value === 'string') return;
  throw invalid(place, `metadata.${field} is no text`, `write it in quotes, else YAML reads it as ${String(value)}`);
}

function toMetadata(value: Fields, place: Place): ObjectMeta {
  const metadata = value.metadata ?? {};
  if (!isRecord(metadata)) throw invalid(place, `metadata of ${String(value.kind)} is no mapping`);
  for (const field of ['name', 'generateName', 'namespace']) checkText(metadata, field, place);
  if (isText(metadata.name) || isText(metadata.generateName)) return metadata;
  const problem = `${String(value.kind)} has neither metadata.name nor metadata.generateName`;
  throw invalid(
    place,
    problem,
    'give it a name; a file that is not for the cluster can be left out by directory.exclude',
  );
}

function toObject(value: Fields, place: Place): KubeObject {
  const { apiVersion, kind } = value;
  return { ...value, apiVersion: String(apiVersion), kind: String(kind), metadata: toMetadata(value, place) };
}

/**
 * The objects of one document: none of an empty one, the members of a List (not of a List in it), else itself.
 *
 * @throws PlumblineError `MANIFEST_INVALID`
 */
export function toObjects(
  value: unknown,
  place: Place,
  { strict, warnings }: { strict: boolean; warnings: string[] },
): KubeObject[] {
  if (value === null || value === undefined) return [];
  const problem = isRecord(value) ? missingFields(value) : 'it is no mapping';
  if (problem !== undefined || !isRecord(value)) {
    const text = `no Kubernetes object: ${problem}`;
    if (isListOfObjects(value)) {
      throw invalid(place, text, 'put the objects into documents of their own, or into the items of a List');
    }
    if (strict || (isRecord(value) && isHalfAnObject(value))) throw invalid(place, text);
    warnings.push(`${place()}: skipped, ${text}`);
    return [];
  }
  if (!isList(value)) return [toObject(value, place)];
  return itemsOf(value).map((item, index) => {
    const itemPlace = () => `${place()}: item ${index + 1} of ${value.kind}`;
    const itemProblem = isRecord(item) ? missingFields(item) : 'it is no mapping';
    if (!isRecord(item) || itemProblem) throw invalid(itemPlace, `no Kubernetes object: ${itemProblem}`);
    return isList(item) ? { ...item, apiVersion: String(item.apiVersion), metadata: {} } : toObject(item, itemPlace);
  });
}
