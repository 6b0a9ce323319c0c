/**
 * Where objects of clients may have a whole number as a text: clients that were generated from a schema with 64-bit fields
 * send them so. `*` is any member or element.
 */
const specPlaces = ['revisionHistoryLimit', 'syncPolicy.retry.limit', 'syncPolicy.retry.backoff.factor'];
const operationPlaces = ['retry.limit', 'retry.backoff.factor'];

/** Of a spec alone. */
export const specNumbers: readonly string[] = specPlaces;
/** Of an Application. */
export const applicationNumbers: readonly string[] = [
  ...specPlaces.map((place) => `spec.${place}`),
  ...operationPlaces.map((place) => `operation.${place}`),
];
/** Of an AppProject. */
export const projectNumbers: readonly string[] = [
  'spec.roles.*.jwtTokens.*.iat',
  'spec.roles.*.jwtTokens.*.exp',
  'status.jwtTokensByRole.*.items.*.iat',
  'status.jwtTokensByRole.*.items.*.exp',
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function replaced(value: unknown, [name, ...below]: readonly string[]): unknown {
  if (name === undefined) {
    const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    return Number.isSafeInteger(number) ? number : value;
  }
  if (name === '*' && Array.isArray(value)) return value.map((item) => replaced(item, below));
  if (!isObject(value)) return value;
  if (name === '*') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replaced(member, below)]));
  }
  return Object.hasOwn(value, name) ? { ...value, [name]: replaced(value[name], below) } : value;
}

/** The value with numbers instead of their texts at these places; what is no number stays, and is refused by its schema. */
export function withNumbers(value: unknown, places: readonly string[]): unknown {
  return places.reduce((now, place) => replaced(now, place.split('.')), value);
}

/** Members of metadata that only the API server sets: what a client has read and sends back says nothing. */
const servers = ['generation', 'deletionGracePeriodSeconds', 'deletionTimestamp', 'selfLink', 'managedFields'];

/** The object without them. */
export function withoutServerMetadata(value: Record<string, unknown>): Record<string, unknown> {
  const { metadata } = value;
  if (!isObject(metadata)) return value;
  return {
    ...value,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([name]) => !servers.includes(name))),
  };
}
