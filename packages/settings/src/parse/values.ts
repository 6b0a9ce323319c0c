import { parseDuration } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';

/** Parsers of single values. Each throws `SETTINGS_INVALID` with a sentence on what is expected. */

export function invalid(message: string): PlumblineError {
  return new PlumblineError('SETTINGS_INVALID', message);
}

const truths: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  true: true,
  '0': false,
  f: false,
  false: false,
};

/** As Go's ParseBool. */
export function parseFlag(text: string): boolean {
  const value = truths[text.trim().toLowerCase()];
  if (value === undefined) throw invalid('expected true or false');
  return value;
}

/** Milliseconds, not negative, of a Go duration or bare seconds. */
export function parseTime(text: string): number {
  let value = Number.NaN;
  try {
    value = parseDuration(text);
  } catch {
    throw invalid('expected a duration such as 30s or 5m');
  }
  if (value < 0) throw invalid('expected a duration that is not negative');
  return value;
}

/** Milliseconds of a key that counts seconds. */
export function parseSeconds(text: string): number {
  return parseNumber(text) * 1000;
}

/** A number, not negative. */
export function parseNumber(text: string): number {
  const value = Number(text.trim());
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw invalid('expected a number that is not negative');
  return value;
}

/** A whole number of at least 1. */
export function parseCount(text: string): number {
  const value = Number(text.trim());
  if (!Number.isSafeInteger(value) || value < 1) throw invalid('expected a whole number of at least 1');
  return value;
}

/** One of the words. */
export function parseWord<const Words extends readonly string[]>(words: Words): (text: string) => Words[number] {
  return (text) => {
    const found = words.find((word) => word === text.trim());
    if (found === undefined) throw invalid(`expected one of ${words.join(', ')}`);
    return found;
  };
}

/** Comma-separated, trimmed, without empty parts. */
export function parseList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** Bytes of a Kubernetes quantity such as `10M` or `512Ki`. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(k|M|G|Ki|Mi|Gi)?$/.exec(text.trim());
  if (!match) throw invalid('expected a size such as 10M or 512Ki');
  return Math.floor(Number(match[1]) * (byteUnits[match[2] ?? ''] ?? 1));
}

/** An http(s) address, without trailing slashes. */
export function parseAddress(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '');
  if (!/^https?:\/\//.test(trimmed) || !URL.canParse(trimmed)) throw invalid('expected an http or https URL');
  return trimmed;
}

/** Words of a command line; quotes keep words together. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single ?? ''));
}
