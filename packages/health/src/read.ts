/** Total readers for objects of unknown shape: what is absent or of another type reads as the given default. */

export type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isFields(inner) ? inner[name] : undefined), value);
}

/** The mapping at the path, or an empty one. */
export function fieldsAt(value: unknown, ...path: string[]): Fields {
  const found = at(value, path);
  return isFields(found) ? found : {};
}

/** The mappings of the list at the path; entries of other types are left out. */
export function listAt(value: unknown, ...path: string[]): readonly Fields[] {
  const found = at(value, path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

/** The text at the path, or ''. */
export function textAt(value: unknown, ...path: string[]): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
}

/** The number at the path, or undefined: an absent `spec.replicas` differs from 0. */
export function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' || typeof found === 'bigint' ? Number(found) : undefined;
}

/** The counter at the path; Kubernetes leaves zero counters out of a status. */
export function countAt(value: unknown, ...path: string[]): number {
  return numberAt(value, ...path) ?? 0;
}

/** Whether the path holds the boolean true. */
export function trueAt(value: unknown, ...path: string[]): boolean {
  return at(value, path) === true;
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

/** One entry of a conditions list. */
export function toCondition(entry: Fields): Condition {
  return {
    type: textAt(entry, 'type'),
    status: textAt(entry, 'status'),
    reason: textAt(entry, 'reason'),
    message: textAt(entry, 'message'),
  };
}

/** `status.conditions` of an object. */
export function conditionsOf(object: unknown): readonly Condition[] {
  return listAt(object, 'status', 'conditions').map(toCondition);
}

/** The condition of the type, if the object has it. */
export function conditionOf(object: unknown, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/**
 * Whether the controller of a workload has seen the newest spec.
 * An object without a generation (not written by an API server) counts as seen.
 */
export function specObserved(object: unknown): boolean {
  return countAt(object, 'metadata', 'generation') <= countAt(object, 'status', 'observedGeneration');
}

/** Whether an entry of a conditions list speaks of an older spec than the object has now. */
export function conditionStale(entry: Fields, object: unknown): boolean {
  const seen = numberAt(entry, 'observedGeneration');
  const generation = numberAt(object, 'metadata', 'generation');
  return seen !== undefined && generation !== undefined && seen !== generation;
}
