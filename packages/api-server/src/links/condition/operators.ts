import { conditionError } from './tokens.ts';

const same = (a: unknown, b: unknown): boolean =>
  (a ?? null) === (b ?? null) || JSON.stringify(a) === JSON.stringify(b);

function text(value: unknown): string {
  if (typeof value !== 'string') throw conditionError('a text is needed, and there is none');
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw conditionError('a number is needed, and there is none');
  return value;
}

function compared(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  return number(a) - number(b);
}

function contained(value: unknown, all: unknown): boolean {
  if (Array.isArray(all)) return all.some((item) => same(item, value));
  return typeof all === 'object' && all !== null && Object.hasOwn(all, String(value));
}

/** What stands between two values; `&&`, `||` and `??` are not among them, for they do not always look at both. */
export const binaryOperators: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  '==': same,
  '!=': (a, b) => !same(a, b),
  '<': (a, b) => compared(a, b) < 0,
  '<=': (a, b) => compared(a, b) <= 0,
  '>': (a, b) => compared(a, b) > 0,
  '>=': (a, b) => compared(a, b) >= 0,
  in: contained,
  contains: (a, b) => text(a).includes(text(b)),
  startsWith: (a, b) => text(a).startsWith(text(b)),
  endsWith: (a, b) => text(a).endsWith(text(b)),
  matches: (a, b) => new RegExp(text(b)).test(text(a)),
  '+': (a, b) => (typeof a === 'string' ? a + text(b) : number(a) + number(b)),
  '-': (a, b) => number(a) - number(b),
  '*': (a, b) => number(a) * number(b),
  '/': (a, b) => number(a) / number(b),
  '%': (a, b) => number(a) % number(b),
  '**': (a, b) => number(a) ** number(b),
};

/** Binds less first; operators of one row from left to right. */
export const precedence: readonly (readonly string[])[] = [
  ['??'],
  ['||', 'or'],
  ['&&', 'and'],
  ['==', '!=', '<', '<=', '>', '>=', 'in', 'contains', 'startsWith', 'endsWith', 'matches'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw conditionError('a list is needed, and there is none');
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw conditionError('len is of a text, a list or a map');
}

/** Functions of plain values. */
export const plainFunctions: Readonly<Record<string, (...values: unknown[]) => unknown>> = {
  len: lengthOf,
  lower: (value) => text(value).toLowerCase(),
  upper: (value) => text(value).toUpperCase(),
  trim: (value) => text(value).trim(),
  trimPrefix: (value, start) =>
    text(value).startsWith(text(start)) ? text(value).slice(text(start).length) : text(value),
  trimSuffix: (value, end) =>
    text(value).endsWith(text(end)) ? text(value).slice(0, text(value).length - text(end).length) : text(value),
  hasPrefix: (value, start) => text(value).startsWith(text(start)),
  hasSuffix: (value, end) => text(value).endsWith(text(end)),
  split: (value, mark) => text(value).split(text(mark)),
  replace: (value, old, now) => text(value).replaceAll(text(old), () => text(now)),
  join: (value, mark) => list(value).join(mark === undefined ? '' : text(mark)),
  indexOf: (value, part) => text(value).indexOf(text(part)),
  string: (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
  int: (value) => Math.trunc(Number(value)),
  float: (value) => Number(value),
  first: (value) => list(value)[0],
  last: (value) => list(value).at(-1),
  keys: (value) => Object.keys(value ?? {}),
  values: (value) => Object.values(value ?? {}),
};

/** Functions of a list and of a question about each item. */
export const listFunctions: Readonly<Record<string, (items: unknown[], ask: (item: unknown) => unknown) => unknown>> = {
  any: (items, ask) => items.some((item) => ask(item) === true),
  all: (items, ask) => items.every((item) => ask(item) === true),
  none: (items, ask) => !items.some((item) => ask(item) === true),
  one: (items, ask) => items.filter((item) => ask(item) === true).length === 1,
  filter: (items, ask) => items.filter((item) => ask(item) === true),
  map: (items, ask) => items.map(ask),
  count: (items, ask) => items.filter((item) => ask(item) === true).length,
  find: (items, ask) => items.find((item) => ask(item) === true),
};

export const itemsOf = list;
