import { InvalidArgumentError } from 'commander';

/** A whole number ≥ 0. */
export function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is no whole number.');
  return Number(text);
}

/** A whole number, negative ones included. */
export function integer(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('It is no whole number.');
  return Number(text);
}

/** A port; 0 takes a free one. */
export function port(text: string): number {
  const value = whole(text);
  if (value > 65_535) throw new InvalidArgumentError('It is no port.');
  return value;
}

/** The value of an option that takes `=false`: absent value = on. */
export function onOff(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InvalidArgumentError('It is neither true nor false.');
}

/** Collects an option that may be repeated. */
export function collect(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** Collects an option that may be repeated, and whose value may be a list with commas. */
export function collectList(text: string, before: string[] | undefined): string[] {
  const words = text.split(',').map((word) => word.trim());
  return [...(before ?? []), ...words.filter((word) => word !== '')];
}

/** Collects whole numbers of an option that may be repeated. */
export function collectWhole(text: string, before: number[] | undefined): number[] {
  return [...(before ?? []), whole(text)];
}
