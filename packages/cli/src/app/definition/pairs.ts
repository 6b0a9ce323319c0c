import { Fatal } from '../../fatal.ts';

/** `name=value` taken apart at the first `=`. Throws Fatal where there is none. */
export function pair(text: string): { name: string; value: string } {
  const equals = text.indexOf('=');
  if (equals < 1) throw new Fatal(`"${text}" is no name=value`, { next: 'write it as name=value', exitCode: 1 });
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** Members by name: `name=value` texts as a map. */
export function pairMap(texts: string[]): Record<string, string> {
  return Object.fromEntries(texts.map(pair).map(({ name, value }) => [name, value]));
}

/** A list in which what has the same key is replaced in place and what is new stands at the end. */
export function merged<T>(before: T[] | undefined, added: T[], keyOf: (item: T) => string): T[] {
  const items = new Map((before ?? []).map((item) => [keyOf(item), item]));
  for (const item of added) items.set(keyOf(item), item);
  return [...items.values()];
}

/** Values of a repeated flag, where each may be a list with commas. */
export const split = (texts: string[]): string[] =>
  texts.flatMap((text) => text.split(',')).filter((text) => text !== '');
