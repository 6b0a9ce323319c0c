/** Members whose content is the user's own: there `null` says something, for example that a chart's default is taken away. */
const free: ReadonlySet<string> = new Set(['valuesObject']);

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

function dropped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropped);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, free.has(name) ? member : dropped(member)]));
}

/**
 * A request's body without members that are `null`: Argo CD's server takes them for absent ones, and clients in languages without
 * absent members send them. A body that is `null` is an empty one.
 */
export function dropNulls(body: unknown): unknown {
  return body === null ? {} : dropped(body);
}
