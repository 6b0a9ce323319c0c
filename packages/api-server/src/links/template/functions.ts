import { createHash } from 'node:crypto';
import { templateError } from './parse.ts';
import { isTrue, listOf, mapOf, numberOf, textOf } from './values.ts';

type TemplateFunction = (...values: unknown[]) => unknown;

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  throw templateError('only numbers, or texts, can be compared');
}

function itemAt(value: unknown, ...keys: unknown[]): unknown {
  return keys.reduce((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    if (Array.isArray(inner) && !(typeof key === 'number' && key >= 0 && key < inner.length)) {
      throw templateError(`index: ${textOf(key)} is not in the list`);
    }
    return Object.hasOwn(inner, String(key)) ? (inner as Record<string, unknown>)[String(key)] : undefined;
  }, value);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return Array.isArray(value) ? value.length : Object.keys(mapOf(value)).length;
}

/** As Go's fmt does it: flags, width and precision of the verbs that texts and numbers have. */
function printf(format: unknown, ...values: unknown[]): string {
  let at = 0;
  return textOf(format).replace(/%([-0]?)(\d*)(?:\.(\d+))?([a-zA-Z%])/g, (_, flag, width, precision, verb) => {
    if (verb === '%') return '%';
    const value = values[at];
    at += 1;
    const text = verbText(String(verb), value, precision === undefined ? undefined : Number(precision));
    if (flag === '-') return text.padEnd(Number(width));
    return text.padStart(Number(width), flag === '0' ? '0' : ' ');
  });
}

function verbText(verb: string, value: unknown, precision: number | undefined): string {
  if (verb === 'q') return JSON.stringify(textOf(value));
  if (verb === 'f') return numberOf(value).toFixed(precision ?? 6);
  if (verb === 'x') return typeof value === 'number' ? value.toString(16) : Buffer.from(textOf(value)).toString('hex');
  if (verb === 'd') return String(Math.trunc(numberOf(value)));
  const text = textOf(value);
  return precision === undefined ? text : text.slice(0, precision);
}

function firstOr(all: readonly unknown[], wanted: (value: unknown) => boolean): unknown {
  const at = all.findIndex(wanted);
  return at < 0 ? all.at(-1) : all[at];
}

/** Of text/template itself. */
const builtIn: Record<string, TemplateFunction> = {
  and: (...all) => firstOr(all, (value) => !isTrue(value)),
  or: (...all) => firstOr(all, isTrue),
  not: (value) => !isTrue(value),
  eq: (first, ...others) => others.some((other) => same(first, other)),
  ne: (a, b) => !same(a, b),
  lt: (a, b) => order(a, b) < 0,
  le: (a, b) => order(a, b) <= 0,
  gt: (a, b) => order(a, b) > 0,
  ge: (a, b) => order(a, b) >= 0,
  len: lengthOf,
  index: itemAt,
  slice: (value, from, to) =>
    (typeof value === 'string' ? value : listOf(value)).slice(
      numberOf(from),
      to === undefined ? undefined : numberOf(to),
    ),
  print: (...values) => values.map(textOf).join(''),
  println: (...values) => `${values.map(textOf).join(' ')}\n`,
  printf,
  urlquery: (...values) => encodeURIComponent(values.map(textOf).join('')).replaceAll('%20', '+'),
  html: (...values) =>
    values
      .map(textOf)
      .join('')
      .replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const wordsOf = (text: unknown): string[] =>
  textOf(text)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter(Boolean);

function without(text: unknown, characters: unknown, place: 'both' | 'start' | 'end'): string {
  const all = textOf(text);
  const unwanted = new Set(textOf(characters));
  let [from, to] = [0, all.length];
  while (place !== 'end' && from < to && unwanted.has(all.charAt(from))) from += 1;
  while (place !== 'start' && to > from && unwanted.has(all.charAt(to - 1))) to -= 1;
  return all.slice(from, to);
}

const longestRepeat = 1_000;

function truncated(count: unknown, text: unknown): string {
  const length = numberOf(count);
  return length < 0 ? textOf(text).slice(length) : textOf(text).slice(0, length);
}

/** Functions of sprig over texts; the text comes last, so that it can be piped. */
const texts: Record<string, TemplateFunction> = {
  upper: (text) => textOf(text).toUpperCase(),
  lower: (text) => textOf(text).toLowerCase(),
  title: (text) => textOf(text).replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before, one) => before + one.toUpperCase()),
  untitle: (text) => textOf(text).replace(/\b\p{L}/gu, (one) => one.toLowerCase()),
  trim: (text) => textOf(text).trim(),
  trimAll: (characters, text) => without(text, characters, 'both'),
  trimPrefix: (start, text) =>
    textOf(text).startsWith(textOf(start)) ? textOf(text).slice(textOf(start).length) : text,
  trimSuffix: (end, text) =>
    textOf(end) !== '' && textOf(text).endsWith(textOf(end)) ? textOf(text).slice(0, -textOf(end).length) : text,
  replace: (old, now, text) => textOf(text).replaceAll(textOf(old), () => textOf(now)),
  contains: (part, text) => textOf(text).includes(textOf(part)),
  hasPrefix: (start, text) => textOf(text).startsWith(textOf(start)),
  hasSuffix: (end, text) => textOf(text).endsWith(textOf(end)),
  quote: (...values) => values.map((value) => JSON.stringify(textOf(value))).join(' '),
  squote: (...values) => values.map((value) => `'${textOf(value)}'`).join(' '),
  cat: (...values) => values.map(textOf).join(' '),
  nospace: (text) => textOf(text).replace(/\s/g, ''),
  repeat: (count, text) => textOf(text).repeat(Math.min(longestRepeat, Math.max(0, numberOf(count)))),
  substr: (from, to, text) =>
    textOf(text).slice(Math.max(0, numberOf(from)), numberOf(to) < 0 ? undefined : numberOf(to)),
  trunc: truncated,
  abbrev: (width, text) =>
    textOf(text).length <= numberOf(width) ? textOf(text) : `${textOf(text).slice(0, numberOf(width) - 3)}...`,
  snakecase: (text) => wordsOf(text).join('_').toLowerCase(),
  kebabcase: (text) => wordsOf(text).join('-').toLowerCase(),
  camelcase: (text) =>
    wordsOf(text)
      .map((word) => capital(word.toLowerCase()))
      .join(''),
  split: (mark, text) =>
    Object.fromEntries(
      textOf(text)
        .split(textOf(mark))
        .map((part, index) => [`_${index}`, part]),
    ),
  splitList: (mark, text) => textOf(text).split(textOf(mark)),
  regexMatch: (pattern, text) => new RegExp(textOf(pattern)).test(textOf(text)),
  regexFind: (pattern, text) => new RegExp(textOf(pattern)).exec(textOf(text))?.[0] ?? '',
  regexReplaceAll: (pattern, text, now) =>
    textOf(text).replace(new RegExp(textOf(pattern), 'g'), textOf(now).replace(/\$\{(\w+)\}/g, '$$$1')),
  urlParse: (text) => urlParts(textOf(text)),
  b64enc: (text) => Buffer.from(textOf(text)).toString('base64'),
  b64dec: (text) => Buffer.from(textOf(text), 'base64').toString(),
  sha1sum: (text) => createHash('sha1').update(textOf(text)).digest('hex'),
  sha256sum: (text) => createHash('sha256').update(textOf(text)).digest('hex'),
};

function urlParts(text: string): Record<string, string> {
  if (!URL.canParse(text)) throw templateError(`urlParse: "${text}" is no URL`);
  const { protocol, host, hostname, pathname, search, hash, username } = new URL(text);
  const [scheme, query, fragment] = [protocol.slice(0, -1), search.slice(1), hash.slice(1)];
  return { scheme, host, hostname, path: pathname, query, fragment, userinfo: username };
}

/** Functions of sprig over lists, maps and numbers. */
const values: Record<string, TemplateFunction> = {
  default: (otherwise, value) => (isTrue(value) ? value : otherwise),
  empty: (value) => !isTrue(value),
  coalesce: (...all) => all.find(isTrue),
  ternary: (yes, no, value) => (isTrue(value) ? yes : no),
  fail: (message) => {
    throw templateError(textOf(message));
  },
  list: (...all) => all,
  dict: (...all) =>
    Object.fromEntries(all.flatMap((key, index) => (index % 2 === 0 ? [[textOf(key), all[index + 1] ?? '']] : []))),
  get: (map, key) => itemAt(mapOf(map), key) ?? '',
  hasKey: (map, key) => Object.hasOwn(mapOf(map), textOf(key)),
  dig: (...all) => all.slice(0, -2).reduce<unknown>((map, key) => itemAt(mapOf(map), key), all.at(-1)) ?? all.at(-2),
  keys: (map) => Object.keys(mapOf(map)),
  values: (map) => Object.values(mapOf(map)),
  first: (list) => listOf(list)[0],
  last: (list) => listOf(list).at(-1),
  rest: (list) => listOf(list).slice(1),
  initial: (list) => listOf(list).slice(0, -1),
  has: (value, list) => listOf(list).some((item) => same(item, value)),
  without: (list, ...unwanted) => listOf(list).filter((item) => !unwanted.some((other) => same(item, other))),
  uniq: (list) => listOf(list).filter((item, index, all) => all.findIndex((other) => same(item, other)) === index),
  compact: (list) => listOf(list).filter(isTrue),
  reverse: (list) => [...listOf(list)].reverse(),
  sortAlpha: (list) => listOf(list).map(textOf).sort(),
  join: (mark, list) => (Array.isArray(list) ? list.map(textOf).join(textOf(mark)) : textOf(list)),
  toString: textOf,
  toStrings: (list) => listOf(list).map(textOf),
  toJson: (value) => JSON.stringify(value),
  fromJson: (text) => JSON.parse(textOf(text)),
  int: (value) => Math.trunc(numberOf(value)),
  int64: (value) => Math.trunc(numberOf(value)),
  float64: numberOf,
  add: (...all) => all.reduce<number>((sum, value) => sum + numberOf(value), 0),
  add1: (value) => numberOf(value) + 1,
  sub: (a, b) => numberOf(a) - numberOf(b),
  mul: (...all) => all.reduce<number>((product, value) => product * numberOf(value), 1),
  div: (a, b) => Math.trunc(numberOf(a) / numberOf(b)),
  mod: (a, b) => numberOf(a) % numberOf(b),
  max: (...all) => Math.max(...all.map(numberOf)),
  min: (...all) => Math.min(...all.map(numberOf)),
  now: () => new Date().toISOString(),
  unixEpoch: (time) => String(Math.trunc(Date.parse(textOf(time)) / 1000)),
};

/** What templates can call: text/template's own and those of sprig that reach nothing outside the template. */
export const functions: Readonly<Record<string, TemplateFunction>> = { ...builtIn, ...texts, ...values };
